import { Ajv } from 'ajv';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse as parseYaml, stringify } from 'yaml';
import { desiredStateSchema } from '../../src/desired-state/schema.ts';
import type { Code } from '../../src/domain/codes.ts';
import { exampleNamed, examples, schemaFile } from './examples.ts';
import { parse } from './parse.ts';
import { rejections } from './rejected-rows.ts';

const test = suite('desired-state/schema');

const validates = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true, strictRequired: false, strictTypes: false }).compile(
  desiredStateSchema(),
);

/** What a schema says nothing about: the YAML below it, and what fields and resources mean together. */
const beyondSchema: ReadonlySet<Code> = new Set<Code>([
  'file-empty',
  'file-too-large',
  'yaml-syntax',
  'nesting-too-deep',
  'second-document',
  'duplicate-key',
  'alias',
  'alias-cyclic',
  'anchor',
  'yaml-directive',
  'merge-key',
  'custom-tag',
  'unquoted-variable',
  'unquoted-wildcard',
  'forbidden-character',
  'missing-field',
  'conflicting-fields',
  'duplicate-name',
  'unknown-variable',
  'unused-variable',
  'invalid-variable',
  'unknown-host',
  'invalid-date',
  'invalid-duration',
  'invalid-mode',
  'mode-too-wide',
  'invalid-owner',
  'invalid-path',
  'invalid-command',
  'invalid-endpoint',
  'invalid-unit',
  'invalid-pod',
  'invalid-dns-name',
  'dns-name-underscore',
  'dns-name-converted',
  'invalid-ip-address',
  'invalid-uri',
  'invalid-email-address',
  'invalid-subject',
  'invalid-encoding',
  'invalid-value',
  'unknown-code',
  'unknown-issuer',
  'issuer-cycle',
  'issuer-not-authority',
  'path-length-exceeded',
  'name-outside-constraints',
  'usage-not-for-leaf',
  'usage-not-for-authority',
  'names-required',
  'renew-before-too-long',
  'outlives-issuer-always',
  'duration-too-long',
  'unknown-service',
  'service-cycle',
  'invalid-cron',
  'invalid-time-zone',
  'unknown-window',
  'unknown-gate',
  'window-never-opens',
  'window-never-closes',
  'window-too-seldom',
  'duplicate-path',
  'duplicate-subject',
  'path-differs-in-case',
  'subject-of-issuer',
  'accept-expired',
]);

test('the file beside the examples is the schema of this program', () => {
  const expected = `${JSON.stringify(desiredStateSchema(), null, 2)}\n`;
  assert.ok(schemaFile() === expected, 'desired-state/schema.v1.json is stale: npm run generate brings it up to date');
});

for (const { name, text } of examples) {
  test(`${name} is good by the schema, too`, () => {
    validates(parseYaml(text));
    assert.equal(validates.errors, null);
  });
}

for (const { name, yaml, code } of rejections.filter(
  (row) => !beyondSchema.has(row.code) && row.name !== 'a list where one value is wanted, by variable',
)) {
  test(`what the parser rejects the schema rejects: ${name}`, () => {
    assert.not.ok(validates(parseYaml(yaml.replace('‸', ''), { logLevel: 'error' })), code);
  });
}

/** Values that are wrong in most places, and right in a few. */
const strangers: readonly unknown[] = [
  null,
  true,
  'yes',
  7,
  -1,
  4096,
  '',
  'x',
  'RSA',
  [],
  ['x'],
  [7],
  {},
  { x: 'y' },
  '365d',
  '/etc/x',
  '${nobody}',
];

/** Every place in a tree of maps and lists, by the keys that lead to it. */
const placesIn = (tree: unknown, path: readonly (string | number)[] = []): readonly (readonly (string | number)[])[] =>
  typeof tree === 'object' && tree !== null
    ? [path, ...Object.entries(tree).flatMap(([key, value]) => placesIn(value, [...path, Array.isArray(tree) ? Number(key) : key]))]
    : [path];

function changed(tree: unknown, path: readonly (string | number)[], change: (value: unknown) => unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return change(tree);
  if (Array.isArray(tree)) return tree.map((item, index) => (index === key ? changed(item, rest, change) : item));
  return Object.fromEntries(
    Object.entries(tree as object).map(([name, value]) => [name, name === key ? changed(value, rest, change) : value]),
  );
}

/** Codes of the parser that only its own checks raise. */
const onlyParser = (codes: readonly Code[]): boolean => codes.length > 0 && codes.every((code) => beyondSchema.has(code));

test('of mutated files, the parser accepts none that the schema rejects, and the schema none that it could know to be wrong', () => {
  const { text, host } = exampleNamed('examples/every-field.yaml');
  const tree = parseYaml(text) as unknown;
  const places = placesIn(tree);
  fc.assert(
    fc.property(fc.constantFrom(...places), fc.constantFrom(...strangers, 'remove', 'add'), (path, stranger) => {
      const mutant = changed(tree, path, (value) => {
        if (stranger !== 'add') return stranger;
        return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value, newcomer: 'x' } : 'add';
      });
      const written = stringify(mutant);
      const found = parse(written, { host })
        .diagnostics.filter(({ severity }) => severity === 'error')
        .map(({ code }) => code);
      const bySchema = validates(mutant) as boolean;
      if (found.length === 0)
        assert.ok(
          bySchema,
          `${path.join('.')}: ${JSON.stringify(stranger)} is accepted, and the schema says ${JSON.stringify(validates.errors?.[0])}`,
        );
      else if (!onlyParser(found))
        assert.not.ok(
          bySchema,
          `${path.join('.')}: ${JSON.stringify(stranger)} is rejected (${found.join(', ')}), and the schema accepts it`,
        );
    }),
    { numRuns: 500 },
  );
});

interface Property {
  readonly description?: string;
  readonly examples?: readonly unknown[];
}

/** Every property by name, wherever it stands; what is referred to stands among the definitions. */
const propertiesIn = (schema: unknown): readonly (readonly [string, Property])[] => {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]) => {
    if (key === 'examples' || key === 'if' || key === 'then') return [];
    const shared = key === 'definitions' ? Object.entries(value as object).filter(([name]) => name.startsWith('field.')) : [];
    const own = key === 'properties' ? Object.entries(value as object).filter(([, property]) => !('$ref' in property)) : [];
    return [...own, ...shared.map(([name, property]) => [name.split('.')[1] as string, property] as const), ...propertiesIn(value)];
  });
};

test('every property explains itself and has examples', () => {
  const all = propertiesIn(desiredStateSchema());
  assert.ok(all.length > 60);
  assert.equal(
    all.filter(([, { description, examples: shown }]) => !description?.endsWith('.') || !shown?.length).map(([path]) => path),
    [],
  );
});

test('the examples of each property are good by its own schema', () => {
  const { definitions } = desiredStateSchema();
  const ajv = new Ajv({ strict: false });
  const wrong = propertiesIn(desiredStateSchema()).flatMap(([path, property]) => {
    const judge = ajv.compile(JSON.stringify(property).includes('"$ref"') ? { ...property, definitions } : property);
    return (property.examples ?? []).filter((example) => !judge(example)).map((example) => `${path}: ${JSON.stringify(example)}`);
  });
  assert.equal(wrong, []);
});

test('every field stands in the file that shows them all', () => {
  const tree = parseYaml(exampleNamed('examples/every-field.yaml').text) as unknown;
  const used = new Set(placesIn(tree).flatMap((path) => path.filter((key) => typeof key === 'string')));
  used.add('path').add('profile');
  const known = new Set(propertiesIn(desiredStateSchema()).map(([name]) => name));
  assert.equal(
    [...known].filter((name) => !used.has(name)),
    [],
  );
});

test.run();
