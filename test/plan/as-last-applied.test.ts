import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DesiredResource, DesiredService, DesiredState } from '../../src/domain/desired-state.ts';
import type { ObservedFile } from '../../src/domain/observed-state.ts';
import type { Records } from '../../src/domain/records.ts';
import { days, later } from '../../src/domain/time.ts';
import { asLastApplied } from '../../src/plan/as-last-applied.ts';
import { desiredHash } from '../../src/plan/desired-hash.ts';
import { makePlan } from '../../src/plan/make-plan.ts';
import { absent, authority, file, inputOf, leaf, now, pairAt, place, type WorldWishes, world } from '../support/plan-world.ts';

const test = suite('plan/as-last-applied');

const stateOf = (resources: readonly DesiredResource[], services: readonly DesiredService[] = []): DesiredState => ({
  resources,
  services,
  sources: [],
  from: ['pki.yaml'],
  host: 'controller-0',
});

function recordsOf(resources: readonly DesiredResource[]): Records {
  const entries = resources.map((resource) => ({
    address: resource.address,
    source: ['pki.yaml'],
    paths: [],
    spkiSha256: null,
    written: {},
    desired: desiredHash(resource),
    protect: false,
    appliedAt: now,
  }));
  return { manifest: new Map(entries.map((entry) => [entry.address, entry])), highWater: null };
}

interface Case extends WorldWishes {
  readonly before?: readonly DesiredResource[];
  readonly after: readonly DesiredResource[];
  readonly kept?: readonly DesiredState[];
  readonly remembered?: boolean;
}

/** What a timer works from: `before` was applied and is on disk, `after` is what the YAML says now. */
function mixed({ before = [authority(), leaf()], after, kept, remembered = true, ...wishes }: Case): DesiredState {
  const onDisk = world({ resources: before, ...wishes });
  const edited = { ...onDisk, resources: after, records: remembered ? recordsOf(before) : { manifest: new Map(), highWater: null } };
  const input = inputOf(edited);
  const observed = {
    ...input.observed,
    files: new Map<string, ObservedFile>([
      ...after.flatMap((resource) => resource.fileSets.flatMap(({ files }) => files.map(({ path }) => [path, absent(path)] as const))),
      ...input.observed.files,
    ]),
  };
  const desired = stateOf(after, wishes.services);
  return asLastApplied({
    desired,
    plan: makePlan({ ...input, observed }),
    observed,
    records: edited.records,
    kept: () => kept ?? [stateOf(before)],
    now,
  });
}

const resourceIn = ({ resources }: DesiredState, address: string): DesiredResource | undefined =>
  resources.find((resource) => resource.address === address);
const dnsNamesIn = (state: DesiredState, address: string) => resourceIn(state, address)?.names.dnsNames;

const otherNames = { ...leaf().names, dnsNames: ['other.example'] };

test('where nothing was edited it is the YAML itself, and nothing is read that was kept', () => {
  const resources = [authority(), leaf()];
  const made = world({ resources, records: recordsOf(resources) });
  const input = inputOf(made);
  const kept = () => {
    throw new Error('nobody needs it');
  };
  assert.is(asLastApplied({ ...input, plan: makePlan(input), kept }), input.desired);
});

test('content that was edited is as it was applied, and the rest is the YAML', () => {
  const after = [authority(), leaf('server', { names: otherNames })];
  assert.equal(dnsNamesIn(mixed({ after }), 'cert/server'), ['server.example']);
  assert.is(resourceIn(mixed({ after }), 'ca/etcd'), after[0]);
});

test('a policy that was edited counts from now on, due or not', () => {
  for (const certificate of [{}, { notAfter: later(now, days(5)) }]) {
    const after = [authority(), leaf('server', { renewBefore: days(60), duration: days(90) })];
    assert.is(resourceIn(mixed({ after, pairs: { 'cert/server': { certificate } } }), 'cert/server'), after[1]);
  }
});

test('an older version is found among those that are kept, whatever came in between', () => {
  const after = [authority(), leaf('server', { names: otherNames })];
  const between = stateOf([authority(), leaf('server', { names: { ...leaf().names, dnsNames: ['between.example'] } })]);
  assert.equal(dnsNamesIn(mixed({ after, kept: [between, stateOf([authority(), leaf()])] }), 'cert/server'), ['server.example']);
});

for (const [label, wishes] of [
  ['no version is kept', { kept: [] }],
  ['nothing is remembered', { kept: [], remembered: false }],
] as const)
  test(`where ${label} the certificate says what was applied`, () => {
    const after = [
      authority(),
      leaf('server', { names: otherNames, usages: ['client auth'], privateKey: { algorithm: 'RSA', size: 4096 } }),
    ];
    const found = resourceIn(mixed({ after, ...wishes }), 'cert/server');
    assert.equal(found?.names, leaf().names);
    assert.equal(found?.usages, leaf().usages);
    assert.is(found?.privateKey, undefined);
  });

test('but not if it holds what the YAML has no word for, or its issuer has not signed it', () => {
  const after = [authority(), leaf('server', { names: otherNames })];
  const odd = { ...leaf().names, otherNames: ['1.2.3'] };
  for (const certificate of [{ names: odd }, { otherUsages: ['1.2.3'] }, { authorityKeyIdentifier: 'another' }])
    assert.equal(dnsNamesIn(mixed({ after, kept: [], pairs: { 'cert/server': { certificate } } }), 'cert/server'), ['other.example']);
});

test('what the YAML has dropped is still as it was applied, with its issuer', () => {
  assert.ok(resourceIn(mixed({ after: [authority()] }), 'cert/server'));
  const other = mixed({ after: [authority('other', { fileSets: [{ files: pairAt('/other', 'ca') }] })] });
  assert.ok(resourceIn(other, 'cert/server') && resourceIn(other, 'ca/etcd'));
});

test('unless its places belong to another resource by now: then it was renamed', () => {
  const renamed = leaf('web', { subject: leaf().subject, fileSets: leaf().fileSets });
  const state = mixed({ after: [authority(), renamed] });
  assert.not.ok(resourceIn(state, 'cert/server'));
  assert.ok(resourceIn(state, 'cert/web'));
});

test('a version is not gone back to where another resource has its places by now, or its issuer is gone', () => {
  const moved = leaf('server', { fileSets: [{ files: pairAt('/new', 'server') }] });
  const taking = leaf('web', { fileSets: leaf().fileSets });
  assert.is(resourceIn(mixed({ after: [authority(), moved, taking] }), 'cert/server'), moved);
  const reissued = leaf('server', { issuer: 'ca/other', names: otherNames });
  const other = authority('other', { fileSets: [{ files: [file('certificate', '/pki/etcd.crt'), file('privateKey', '/other.key')] }] });
  assert.is(resourceIn(mixed({ after: [other, reissued] }), 'cert/server'), reissued);
});

test('files that were moved are where they were applied', () => {
  const moved = leaf('server', { fileSets: [{ files: pairAt('/new', 'server') }] });
  const found = resourceIn(mixed({ after: [authority(), moved] }), 'cert/server');
  assert.equal(found?.fileSets, leaf().fileSets);
});

test('a mixture that would sign in a circle is not made', () => {
  const inner = (name: string, issuer: string | undefined, rest = {}) =>
    authority(name, { ...(issuer === undefined ? {} : { issuer: `ca/${issuer}` as const }), ...rest });
  const before = [inner('a', undefined), inner('b', 'a', { subject: { commonName: 'b before' } })];
  const after = [inner('b', undefined), inner('a', 'b')];
  const state = mixed({ before, after });
  assert.ok(state.resources.every(({ issuer }) => issuer === undefined || resourceIn(state, issuer)?.issuer === undefined));
});

test('services that only the applied version names come along; commands are those of the YAML', () => {
  const service = (name: string, reload: readonly string[]): DesiredService => ({ name, place: place(1), reload, after: [] });
  const before = [authority(), leaf('server', { services: ['old', 'both'] })];
  const state = mixed({
    before,
    after: [authority(), leaf('server', { services: ['both'], names: otherNames })],
    kept: [stateOf(before, [service('old', ['/old']), service('both', ['/before'])])],
    services: [service('both', ['/now'])],
  });
  assert.equal(state.services.map(({ name, reload }) => `${name} ${reload}`).toSorted(), ['both /now', 'old /old']);
});

test('only watched means hands off from now on', () => {
  const after = [authority(), leaf('server', { names: otherNames, manage: 'observe' })];
  assert.is(resourceIn(mixed({ after }), 'cert/server'), after[1]);
});

test.run();
