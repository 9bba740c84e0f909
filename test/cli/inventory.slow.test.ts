/** A host writes an inventory; somewhere else, without any of its files, it is planned for and judged. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CommandResult, runCertstateIn } from '../support/run-certstate.ts';
import { inAppliedScene, type Scene, smallState } from '../support/scene.ts';

const test = suite('cli/inventory');

interface Elsewhere {
  /** Runs a command in a folder that has the desired state and the inventory, while nothing of the host is there. */
  readonly run: (command: string, ...args: readonly string[]) => CommandResult;
  readonly edit: (yaml: string) => void;
  readonly folder: string;
}

/** Takes the inventory of a host, and goes somewhere else with it. */
function away(scene: Scene): Elsewhere {
  const taken = scene.run('status', '--json');
  assert.is(taken.exit, 0, taken.stderr);
  const folder = join(scene.folder, 'checkout');
  mkdirSync(folder);
  writeFileSync(join(folder, 'inventory.json'), taken.stdout);
  writeFileSync(join(folder, 'state.yaml'), scene.yaml);
  return {
    folder,
    edit: (yaml) => writeFileSync(join(folder, 'state.yaml'), yaml),
    run(command, ...args) {
      renameSync(scene.root, `${scene.root}.away`);
      try {
        return runCertstateIn({ cwd: folder }, command, '-f', 'state.yaml', ...args);
      } finally {
        renameSync(`${scene.root}.away`, scene.root);
      }
    },
  };
}

const fromInventory = ['--inventory', 'inventory.json'] as const;
const idOf = ({ stdout }: CommandResult): string => (JSON.parse(stdout) as { readonly id: string }).id;
const edits: Readonly<Record<string, string>> = {
  'a further name': smallState.replace('[server.example]', '[server.example, new.example]'),
  'another kind of key': smallState.replace('uris: ["urn:client"],', 'uris: ["urn:client"], privateKey: { algorithm: Ed25519 },'),
  'a new certificate': `${smallState}  third: { issuer: etcd, commonName: third, profile: client, files: { certificate: /tls/third.crt, privateKey: /tls/third.key } }\n`,
  'a new certificate in a new folder': `${smallState}  third: { issuer: etcd, commonName: third, profile: client, files: { certificate: /new/third.crt, privateKey: /new/third.key } }\n`,
  'a certificate less': smallState.replace(/ {2}client: .*\n/, ''),
  'another place': smallState.replaceAll('/tls/client.', '/tls/other.'),
  'the files of another': smallState.replaceAll('/tls/client.', '/tls/third.').replaceAll('/tls/server.', '/tls/client.'),
  'another authority': smallState.replace('commonName: etcd,', 'commonName: other,'),
  'a key and a certificate in one file': smallState.replace(
    'certificate: /tls/client.crt, privateKey',
    'fullChain: /tls/client.crt, combined: /tls/both.pem, privateKey',
  ),
  'files in each other’s place': smallState.replace(
    'certificate: /tls/client.crt, privateKey: /tls/client.key',
    'certificate: /tls/client.key, privateKey: /tls/client.crt',
  ),
  'only watched': smallState.replace('client: { issuer', 'client: { manage: observe, issuer'),
  'another mode': smallState.replace('client: { issuer', 'client: { certificateMode: "0600", issuer'),
};

test("the plan from an inventory has the id of the host's own, for every edit of the text", () =>
  inAppliedScene((scene) => {
    const elsewhere = away(scene);
    for (const [name, yaml] of Object.entries(edits)) {
      elsewhere.edit(yaml);
      writeFileSync(scene.file, yaml);
      const reviewed = elsewhere.run('plan', ...fromInventory, '--json');
      assert.is(reviewed.exit, 0, reviewed.stderr);
      assert.is(idOf(reviewed), idOf(scene.run('plan', '--json')), name);
    }
  }));

test('what was reviewed elsewhere is applied on the host by its id, once', () =>
  inAppliedScene((scene) => {
    const elsewhere = away(scene);
    elsewhere.edit(edits['a new certificate in a new folder'] ?? '');
    writeFileSync(scene.file, edits['a new certificate in a new folder'] ?? '');
    const id = idOf(elsewhere.run('plan', ...fromInventory, '--json'));
    const apply = () => scene.run('apply', '--yes', '--expect', id).exit;
    assert.equal([apply(), apply()], [0, 21]);
    assert.is(scene.run('check').exit, 0);
  }));

test('a plan that was saved elsewhere is applied on the host, and says whose inventory it was made from', () =>
  inAppliedScene((scene) => {
    const elsewhere = away(scene);
    elsewhere.edit(edits['a further name'] ?? '');
    writeFileSync(scene.file, edits['a further name'] ?? '');
    assert.is(elsewhere.run('plan', ...fromInventory, '-o', 'plan.json').exit, 0);
    const applied = scene.run('apply', join(elsewhere.folder, 'plan.json'), '--yes');
    assert.is(applied.exit, 0, applied.stdout + applied.stderr);
    assert.is(scene.run('check').exit, 0);
  }));

test('the text says whose inventory it is and how the plan is applied; JSON says it too', () =>
  inAppliedScene((scene) => {
    const elsewhere = away(scene);
    elsewhere.edit(edits['a further name'] ?? '');
    const { stdout } = elsewhere.run('plan', ...fromInventory);
    assert.match(stdout, /^From an inventory of \S+, taken \d{4}-/);
    assert.match(stdout, new RegExp(`certstate apply -f state.yaml --root ${scene.root} --expect [0-9a-f]{12}\\n`));
    const document = JSON.parse(elsewhere.run('plan', ...fromInventory, '--json').stdout) as {
      readonly inventory: { readonly host: string } | null;
    };
    assert.type(document.inventory?.host, 'string');
    elsewhere.edit(scene.yaml);
    assert.match(elsewhere.run('plan', ...fromInventory).stdout, /^From an inventory of [^\n]*\nNo changes\. 3 resources/);
    assert.match(elsewhere.run('check', ...fromInventory).stdout, /^From an inventory of [^\n]*\nAll good/);
  }));

test('check gives the verdict of the host, whatever befell it', () =>
  inAppliedScene((scene) => {
    const accidents: readonly (() => void)[] = [
      () => chmodSync(scene.at('/tls/server.key'), 0o644),
      () => rmSync(scene.at('/tls/client.crt')),
      () => writeFileSync(scene.at('/tls/server.crt'), ''),
      () => scene.put('/tls/stray.crt', readFileSync(scene.at('/pki/ca.crt')), 0o644),
      () => scene.put('/tls/stray.key', readFileSync(scene.at('/pki/ca.key')), 0o644),
      () => scene.put('/tls/closed.key', readFileSync(scene.at('/pki/ca.key'))),
      () => rmSync(scene.at('/pki/ca.key')),
    ];
    for (const accident of accidents) {
      accident();
      const elsewhere = away(scene);
      for (const time of ['2027-01-01T00:00:00Z', '2030-01-01T00:00:00Z']) {
        const flags = ['--now', time, '--fail-on', 'expired,due,drift,insecure,orphan', '--json'];
        const [there, here] = [elsewhere.run('check', ...fromInventory, ...flags), scene.run('check', ...flags)];
        const verdictIn = ({ stdout }: CommandResult) => {
          const { ok, findings } = JSON.parse(stdout) as { readonly ok: boolean; readonly findings: readonly { readonly code: string }[] };
          return { ok, findings: findings.filter(({ code }) => !code.startsWith('inventory-')) };
        };
        assert.equal(verdictIn(there), verdictIn(here));
        assert.is(there.exit, here.exit);
      }
      rmSync(elsewhere.folder, { recursive: true });
    }
  }));

test('what is there and was not looked at is blocked, what lies where nobody looked is assumed, and both are said', () =>
  inAppliedScene((scene) => {
    scene.put('/tls/legacy', 'something else');
    const elsewhere = away(scene);
    elsewhere.edit(smallState.replaceAll('/tls/client.crt', '/tls/legacy').replaceAll('/tls/client.key', '/new/client.key'));
    const plan = elsewhere.run('plan', ...fromInventory, '--json');
    const { changes, diagnostics, complete } = JSON.parse(plan.stdout) as {
      readonly complete: boolean;
      readonly changes: readonly { readonly address: string; readonly blocked: { readonly code: string; readonly by: string } | null }[];
      readonly diagnostics: readonly { readonly code: string; readonly summary: string }[];
    };
    const { blocked } = changes.find(({ address }) => address === 'cert/client') ?? {};
    assert.equal([blocked?.by, blocked?.code, complete], ['unreadable', 'not-in-inventory', false]);
    assert.equal(
      diagnostics.map(({ code }) => code),
      ['assumed-absent'],
    );
    assert.ok(diagnostics[0]?.summary.includes(scene.at('/new/client.key')));
    const text = elsewhere.run('plan', ...fromInventory);
    assert.match(text.stdout, /BLOCKED/);
    assert.match(text.stderr, /warning\[assumed-absent\]/);
  }));

test('flags that say something else than the inventory are refused, as is apply from one', () =>
  inAppliedScene((scene) => {
    const elsewhere = away(scene);
    for (const [flags, says] of [
      [['--host', 'another'], /--host another: the inventory is of/],
      [['--root', '/elsewhere'], /--root \/elsewhere: the inventory was taken with --root/],
      [['--state-dir', '/elsewhere'], /--state-dir \/elsewhere: that of the host is/],
    ] as const) {
      const { exit, stderr } = elsewhere.run('plan', ...fromInventory, ...flags);
      assert.is(exit, 64);
      assert.match(stderr, says);
    }
    assert.is(elsewhere.run('plan', ...fromInventory, '--root', scene.root).exit, 0);
    const { exit, stderr } = elsewhere.run('apply', ...fromInventory);
    assert.is(exit, 64);
    assert.match(stderr, /certstate apply --expect ID/);
  }));

test('what is no inventory is refused with exit code 1, in text and in JSON', () =>
  inAppliedScene((scene) => {
    const elsewhere = away(scene);
    const put = (content: string) => writeFileSync(join(elsewhere.folder, 'inventory.json'), content);
    assert.match(
      elsewhere.run('plan', '--inventory', 'nowhere.json').stderr,
      /error\[inventory-unusable\]: there is no file nowhere\.json/,
    );
    for (const content of ['', '{}', '{"format":"certstate.inventory","format_version":"2.0"}', scene.run('plan', '--json').stdout]) {
      put(content);
      const text = elsewhere.run('check', ...fromInventory);
      assert.equal([text.exit, text.stdout], [1, '']);
      assert.match(text.stderr, /error\[inventory-unusable\]: inventory\.json is no inventory that can be used: \$/);
      const json = elsewhere.run('plan', ...fromInventory, '--json');
      assert.is(json.exit, 1);
      assert.is(
        (JSON.parse(json.stdout) as { readonly diagnostics: readonly { readonly code: string }[] }).diagnostics[0]?.code,
        'inventory-unusable',
      );
    }
  }));

test('an inventory is what its shipped schema says, of a host where all is well and of one where little is', () =>
  inAppliedScene((scene) => {
    const ajv = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true });
    const schemas = ['status', 'inventory'].map((name) => ajv.compile(JSON.parse(scene.run('schema', name).stdout) as object));
    const [statusFits, inventoryFits] = schemas;
    const fits = () => {
      const document = JSON.parse(scene.run('status', '--json').stdout) as { readonly inventory: object };
      assert.ok(statusFits?.(document), ajv.errorsText(statusFits?.errors));
      assert.ok(inventoryFits?.(document.inventory), ajv.errorsText(inventoryFits?.errors));
    };
    fits();
    writeFileSync(scene.at('/tls/client.crt'), readFileSync(scene.at('/tls/client.key')));
    writeFileSync(scene.at('/tls/server.key'), readFileSync(scene.at('/tls/server.key'), 'utf8').repeat(2));
    rmSync(scene.at('/pki'), { recursive: true });
    fits();
  }));

test('a thousand pairs: the inventory stays moderate, and planning from it takes no longer than from the disk', () => {
  const names = Array.from({ length: 1000 }, (_, index) => `c${index}`);
  const yaml = `${smallState}${names.map((name) => `  ${name}: { issuer: etcd, commonName: ${name}, profile: client, files: { certificate: /many/${name}.crt, privateKey: /many/${name}.key } }\n`).join('')}`;
  return inAppliedScene((scene) => {
    const elsewhere = away(scene);
    const size = readFileSync(join(elsewhere.folder, 'inventory.json')).length;
    const timed = (run: () => CommandResult): number => {
      const start = performance.now();
      assert.is(run().exit, 0);
      return performance.now() - start;
    };
    const [there, here] = [timed(() => elsewhere.run('plan', ...fromInventory)), timed(() => scene.run('plan'))];
    const packed = spawnSync('gzip', ['-c', join(elsewhere.folder, 'inventory.json')], { maxBuffer: 1 << 28 }).stdout.length;
    process.stdout.write(
      `inventory of 1,002 pairs: ${(size / 1e6).toFixed(1)} MB in the status, ${(packed / 1e6).toFixed(1)} MB packed; plan from it ${Math.round(there)} ms, from the disk ${Math.round(here)} ms\n`,
    );
    assert.ok(size < 5e6, `${size} bytes`);
    assert.ok(there < here * 2 + 500, `${there} ms against ${here} ms`);
  }, yaml);
});

test.run();
