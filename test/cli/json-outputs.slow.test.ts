/** Every command with `--json`, as the shipped program prints it, judged by the schemas as they are shipped. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CommandName, commandNames } from '../../src/cli/command-table.ts';
import { type SchemaName, schemaFile, schemaNames } from '../../src/cli/schema-table.ts';
import { repository } from '../architecture/source-tree.ts';
import { type CommandResult, runCertstate } from '../support/run-certstate.ts';
import { inScene, type Scene } from '../support/scene.ts';

const test = suite('cli/json-outputs');

const shipped = join(repository, 'dist/schema');
const ajv = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true });
const validators = new Map<SchemaName, ValidateFunction>(
  schemaNames
    .filter((name) => name !== 'config')
    .map((name) => [name, ajv.compile(JSON.parse(readFileSync(join(shipped, schemaFile(name)), 'utf8')) as object)]),
);

interface Printed {
  readonly format?: string;
  readonly format_version?: string;
  readonly inventory?: unknown;
}

/** Judges what a command has printed: one document, or one per line for a stream of events. */
function judge(schema: SchemaName, { exit, stdout, stderr }: CommandResult, wantedExit: number): readonly Printed[] {
  assert.equal([exit, stderr], [wantedExit, ''], stdout);
  const texts = schema === 'events' ? stdout.trimEnd().split('\n') : [stdout];
  const documents = texts.map((text) => JSON.parse(text) as Printed);
  const validate = validators.get(schema);
  for (const document of documents) assert.ok(validate?.(document), `${schema}: ${ajv.errorsText(validate?.errors, { separator: '\n' })}`);
  const [first] = documents;
  assert.is(first?.format, `certstate.${schema}`);
  // The number in the name of the schema's file is the major version of the format.
  assert.match(first?.format_version ?? '', new RegExp(`^${/v(\d+)/.exec(schemaFile(schema))?.[1]}\\.`));
  return documents;
}

type Step = readonly [command: CommandName, args: readonly string[], exit: number, schema: SchemaName];

// biome-ignore format: table
const steps: readonly Step[] = [
  ['plan',     [],                                          0,  'plan'],
  ['check',    [],                                          2,  'check'],
  ['status',   [],                                          0,  'status'],
  ['apply',    ['--yes'],                                   22, 'events'],
  ['apply',    ['--dry-run'],                               0,  'plan'],
  ['apply',    ['--confirm', 'ca/etcd'],                    20, 'events'],
  ['apply',    ['--yes', '--confirm', 'ca/etcd'],           0,  'events'],
  ['apply',    ['--yes'],                                   0,  'events'],
  ['renew',    [],                                          0,  'events'],
  ['watch',    ['--once'],                                  0,  'events'],
  ['plan',     ['--exit-code'],                             0,  'plan'],
  ['plan',     ['--rekey', 'ca/etcd', '--exit-code'],       2,  'plan'],
  ['plan',     ['--target', 'cert/server', '--now', '2099-01-01T00:00:00Z'], 0, 'plan'],
  ['check',    [],                                          0,  'check'],
  ['check',    ['--now', '2099-01-01T00:00:00Z'],           2,  'check'],
  ['status',   [],                                          0,  'status'],
  ['show',     ['cert/server'],                             0,  'change'],
  ['apply',    ['--yes', '--rekey', 'cert/server'],         0,  'events'],
  ['restore',  ['--list'],                                  0,  'generations'],
  ['restore',  ['cert/server', '--yes'],                    0,  'events'],
  ['hold',     ['cert/server', '--for', '2d', '--reason', 'tried'], 0, 'holds'],
  ['status',   [],                                          0,  'status'],
  ['plan',     ['--renew', 'cert/server'],                  0,  'plan'],
  ['release',  ['cert/*', 'ca/etcd'],                       0,  'holds'],
  ['history',  [],                                          0,  'history'],
  ['validate', [],                                          0,  'report'],
  ['plan',     ['--nothing-of-the-kind'],                   64, 'report'],
  ['show',     ['cert/nobody'],                             64, 'report'],
];

test('whatever is printed is what its schema says', () =>
  inScene((scene) => {
    const seen = new Set<string>(['explain', 'schema', 'completion']);
    for (const [command, args, exit, schema] of steps) {
      const documents = judge(schema, scene.run(command, ...args, '--json'), exit);
      seen.add(command);
      if (schema === 'status')
        assert.ok(validators.get('inventory')?.(documents[0]?.inventory), ajv.errorsText(validators.get('inventory')?.errors));
    }
    assert.equal(
      commandNames.filter((name) => !seen.has(name)),
      [],
      'commands that were not tried',
    );
    savedPlan(scene);
    badInput(scene);
  }));

function savedPlan(scene: Scene): void {
  const file = join(scene.folder, 'plan.json');
  assert.is(scene.run('plan', '--renew', 'cert/server', '-o', file).exit, 0);
  judge('plan', { exit: 0, stdout: readFileSync(file, 'utf8'), stderr: '' }, 0);
  judge('plan', runCertstate('show', file, '--json'), 0);
  judge('events', scene.run('apply', file, '--yes', '--json'), 0);
  judge('events', scene.run('apply', file, '--yes', '--json'), 21);
}

function badInput(scene: Scene): void {
  const [bad, key] = [join(scene.folder, 'bad.yaml'), join(scene.folder, 'key.pem')];
  writeFileSync(bad, `version: 1\nauthorities: { a: { comonName: a } }\n`);
  writeFileSync(key, readFileSync(scene.at('tls/server.key')));
  for (const command of ['plan', 'check', 'status'] as const) judge('report', runCertstate(command, '-f', bad, '--json'), 65);
  judge('report', runCertstate('validate', bad, '--json'), 65);
  judge('report', runCertstate('validate', '--no-keys', bad, '--json'), 0);
  judge('report', runCertstate('validate', '--no-keys', bad, key, '--json'), 65);
}

test('explained codes are what their schema says, all of them and one', () => {
  judge('codes', runCertstate('explain', '--json'), 0);
  judge('codes', runCertstate('explain', 'renewal-due', '--json'), 0);
});

test('every schema that is printed is shipped, under the name that the list gives', () => {
  const list = JSON.parse(runCertstate('schema', '--json').stdout) as readonly { readonly name: string; readonly file: string }[];
  assert.equal(
    list.map(({ name }) => name),
    schemaNames,
  );
  assert.equal(readdirSync(shipped).toSorted(), list.map(({ file }) => file).toSorted());
  for (const { name, file } of list) assert.is(runCertstate('schema', name).stdout, readFileSync(join(shipped, file), 'utf8'));
  const text = runCertstate('schema').stdout;
  assert.equal(
    schemaNames.filter((name) => !new RegExp(`^${name} +\\S`, 'm').test(text)),
    [],
  );
});

test.run();
