import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { days, later } from '../../src/domain/time.ts';
import { desiredHash } from '../../src/plan/desired-hash.ts';
import { doTheSame, placeDifferences, planDifferences } from '../../src/report/plan-comparison.ts';
import { type PlanJson, planJson } from '../../src/report/plan-json.ts';
import { tool } from '../support/change-builders.ts';
import { authority, inputOf, leaf, now, planOf, type World, type WorldWishes, world } from '../support/plan-world.ts';
import { randomWishes } from '../support/random-worlds.ts';
import { sampled } from '../support/sampled.ts';

const test = suite('report/plan-comparison');

const documentOf = (wanted: World, sources = [{ file: 'pki.yaml', sha256: 'a'.repeat(64) }]): PlanJson => {
  const input = inputOf(wanted);
  const hashes = new Map<string, string>(wanted.resources.map((resource) => [resource.address, desiredHash(resource)]));
  const document = planJson(planOf(wanted), {
    ...input,
    desired: { ...input.desired, sources },
    tool,
    meaningOf: (address) => hashes.get(address),
  });
  return JSON.parse(JSON.stringify(document)) as PlanJson;
};

const due = { certificate: { notAfter: later(now, days(5)) } };
const base: WorldWishes = {
  resources: [authority(), leaf('server'), leaf('client')],
  pairs: { 'cert/server': { certificate: { usages: [] } } },
};
const other = (wishes: WorldWishes): WorldWishes => ({ ...base, ...wishes });
const edited = [{ file: 'pki.yaml', sha256: 'b'.repeat(64) }];

// biome-ignore format: table
const rows: readonly (readonly [string, WorldWishes, readonly RegExp[]])[] = [
  ['nothing',                     base,                                                                                      []],
  ['another time',                other({ now: later(now, 3600 as ReturnType<typeof days>) }),                               []],
  ['the mode of a key',           other({ files: { '/pki/server.key': { mode: 0o100640 } } }),                               [/^\/pki\/server\.key \(mode 0600 -> 0640\)$/, /^cert\/server: /]],
  ['the owner of a file',         other({ files: { '/pki/etcd.key': { uid: 5 } } }),                                         [/^\/pki\/etcd\.key \(owner 0:0 -> 5:0\)$/]],
  ['another certificate',         other({ pairs: { 'cert/server': { certificate: { usages: [], serial: '77aa' } } } }),      [/^\/pki\/server\.crt \(serial [0-9a-f]{12} -> 77aa\)$/, /^cert\/server: reissue would be done otherwise/]],
  ['a file that is gone',         other({ pairs: { 'cert/server': { certificate: { usages: [] }, key: 'absent' } } }),       [/^\/pki\/server\.key \(is gone\)$/, /^cert\/server: reissue was planned, and rekey would be done/]],
  ['an edited lifetime',          other({ resources: [authority(), leaf('server', { duration: days(9) }), leaf('client')] }), [/^pki\.yaml was edited \(other wishes for cert\/server\)$/, /^cert\/server: /]],
  ['a resource more',             other({ resources: [authority(), leaf('server'), leaf('client'), leaf('web')] }),          [/^pki\.yaml was edited \(new: cert\/web\)$/]],
  ['a resource less',             other({ resources: [authority(), leaf('server')] }),                                       [/^pki\.yaml was edited \(gone: cert\/client\)$/]],
  ['a renewal that came due',     other({ pairs: { ...base.pairs, 'cert/client': due } }),                                   [/^cert\/client: renew would be done, and was not planned \(renewal-due\)$/]],
  ['the change was done by hand', other({ pairs: {} }),                                                                      [/^\/pki\/server\.crt \(serial|^cert\/server: reissue was planned, and nothing is to be done any more$/]],
];
for (const [what, wishes, patterns] of rows) {
  test(`${what}: ${patterns.length === 0 ? 'the same plan' : 'told'}`, () => {
    const saved = documentOf(world(base));
    const isEdited = wishes.resources !== base.resources;
    const found = planDifferences(saved, documentOf(world(wishes), isEdited ? edited : undefined));
    if (patterns.length === 0) assert.equal(found, []);
    for (const pattern of patterns)
      assert.ok(
        found.some((line) => pattern.test(line)),
        `${pattern} is not among\n${found.join('\n')}`,
      );
  });
}

test('a comment in the YAML, its name and its place make no other plan', () => {
  const saved = documentOf(world(base));
  assert.equal(planDifferences(saved, documentOf(world(base), [{ file: 'elsewhere.yaml', sha256: 'c'.repeat(64) }])), []);
});

test('a plan that differs in nothing that is listed is still another plan if its id is', () => {
  const saved = documentOf(world(base));
  const found = planDifferences(saved, { ...documentOf(world(base), edited), id: `sha256:${'9'.repeat(64)}` });
  assert.equal(found, ['pki.yaml was edited', `what would be done is plan 999999999999, not ${saved.id.slice(7, 19)}`]);
});

test('another host and another root are told before anything else', () => {
  const saved = { host: { name: 'a', root: '/' } };
  assert.equal(placeDifferences(saved, saved), []);
  assert.equal(placeDifferences(saved, { host: { name: 'b', root: '/mnt' } }), [
    'it was made for the host a, and this is b',
    'it was made under the root /, and this is /mnt',
  ]);
});

test('what only lacked a consent does the same once it is given', () => {
  const wishes: WorldWishes = {
    pairs: { 'ca/etcd': { certificate: 'absent', key: 'absent' }, 'cert/server': { certificate: 'absent', key: 'absent' } },
  };
  const [asked, given] = [documentOf(world(wishes)), documentOf(world({ ...wishes, options: { confirm: ['ca/etcd'] } }))];
  assert.ok(asked.changes.some(({ blocked }) => blocked !== null) && given.changes.every(({ blocked }) => blocked === null));
  assert.ok(doTheSame(asked, given));
  assert.not.equal(planDifferences(asked, given), []);
  assert.not(doTheSame(asked, documentOf(world())));
});

/** Facts of a document, one of which somebody has edited. */
const forgeries: Readonly<Record<string, (document: PlanJson) => void>> = {
  'another action': ({ changes }) => Object.assign(changes.at(-1) ?? {}, { action: 'fix' }),
  'another key': ({ changes }) => Object.assign(changes.at(-1) ?? {}, { key: 'none' }),
  'a file less': ({ changes }) => Object.assign(changes.at(-1) ?? {}, { files: [] }),
  'another command': ({ changes }) =>
    Object.assign(changes.at(-1) ?? {}, { services: [{ service: 'service/x', argv: ['true'], when: 'reload' }] }),
  'another static pod': ({ changes }) =>
    Object.assign(changes.at(-1) ?? {}, { services: [{ service: 'service/x', argv: [], static_pod: 'x', when: 'reload' }] }),
  'an effect less': ({ changes }) => Object.assign(changes.at(-1) ?? {}, { effects: [] }),
  'other names': ({ changes }) => Object.assign(changes.at(-1)?.after ?? {}, { names: ['DNS:evil.example'] }),
  'a change less': ({ changes }) => (changes as unknown[]).pop(),
  'a precondition': ({ preconditions }) => Object.assign(preconditions[0] ?? {}, { mode: '0666' }),
};
for (const [what, forge] of Object.entries(forgeries))
  test(`a document in which somebody has edited ${what} is another plan`, () => {
    const wanted = world({
      resources: [authority(), leaf('server')],
      pairs: {
        'cert/server': {
          certificate: { names: { dnsNames: ['old.example'], ipAddresses: [], uris: [], emailAddresses: [], otherNames: [] } },
        },
      },
    });
    const [saved, fresh] = [documentOf(wanted), documentOf(wanted)];
    assert.equal(planDifferences(saved, fresh), []);
    forge(saved);
    assert.ok(planDifferences(saved, fresh).length > 0);
  });

test('the same world is the same plan, another plan is told', () =>
  fc.assert(
    fc.property(randomWishes, randomWishes, (left, right) => {
      const [one, two] = [documentOf(world(left)), documentOf(world(right))];
      assert.equal(planDifferences(one, documentOf(world(left))), []);
      if (one.id !== two.id) assert.ok(planDifferences(one, two).length > 0);
    }),
    { numRuns: sampled(500) },
  ));

test.run();
