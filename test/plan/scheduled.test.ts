import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DesiredResource } from '../../src/domain/desired-state.ts';
import type { Action } from '../../src/domain/plan.ts';
import type { Records } from '../../src/domain/records.ts';
import { days, earlier, later } from '../../src/domain/time.ts';
import { desiredHash } from '../../src/plan/desired-hash.ts';
import { waitingForApply } from '../../src/plan/scheduled.ts';
import {
  absent,
  authority,
  changeOf,
  codesOf,
  decided,
  key,
  leaf,
  now,
  pairAt,
  planOf,
  type WorldWishes,
  world,
} from '../support/plan-world.ts';

const test = suite('plan/scheduled');

/** Everything was applied as it stands, but for what a test names here. */
function applied(resources: readonly DesiredResource[], otherwise: readonly string[] = []): Records {
  const entries = resources.map((resource) => ({
    address: resource.address,
    source: ['pki.yaml'],
    paths: [],
    spkiSha256: null,
    written: {},
    desired: otherwise.includes(resource.address) ? 'as it was before' : desiredHash(resource),
    protect: false,
    appliedAt: earlier(now, days(36)),
  }));
  return { manifest: new Map(entries.map((entry) => [entry.address, entry])), highWater: null };
}

const resources = [authority(), leaf()] as const;
const isDue = { notAfter: later(now, days(5)) };
const server = { path: '/pki/server.crt', key: '/pki/server.key' };

interface Case extends WorldWishes {
  /** Resources whose YAML is another than when they were applied. */
  readonly edited?: readonly string[];
}

function plans({ edited = [], ...wishes }: Case) {
  const wanted = wishes.resources ?? resources;
  const made = world({ resources: wanted, records: applied(wanted, edited), ...wishes });
  return { full: planOf(made), scheduled: planOf({ ...made, options: { ...made.options, scheduled: true } }) };
}

const names = { dnsNames: ['other.example'], ipAddresses: [], uris: [], emailAddresses: [], otherNames: [] };

const mode = { [server.key]: { mode: 0o100644 } };

// biome-ignore format: table
const rows: Readonly<Record<string, readonly [wishes: Case, does: string, leaves: string]>> = {
  'in order: nothing':                                            [{},                                                                                        'noop kept free',  ''],
  'due: a renewal':                                               [{ pairs: { 'cert/server': { certificate: isDue } } },                                       'renew new free',  ''],
  'expired: a renewal':                                           [{ pairs: { 'cert/server': { certificate: { notAfter: earlier(now, days(1)) } } } },         'renew new free',  ''],
  'a mode that somebody changed: mended':                         [{ files: mode },                                                                            'fix kept free',   ''],
  'a mode that the YAML changed: waits':                          [{ files: mode, edited: ['cert/server'] },                                                   'noop kept free',  'private-key-mode'],
  'names that somebody changed: wait':                            [{ pairs: { 'cert/server': { certificate: { names } } } },                                   'noop kept free',  'dns-names'],
  'the same and due: renewed, and right again':                   [{ pairs: { 'cert/server': { certificate: { names, ...isDue } } } },                         'reissue new free', ''],
  'names that the YAML changed: wait':                            [{ pairs: { 'cert/server': { certificate: { names } } }, edited: ['cert/server'] },          'noop kept free',  'dns-names'],
  'the same and due: nothing is issued from that YAML':           [{ pairs: { 'cert/server': { certificate: { names, ...isDue } } }, edited: ['cert/server'] }, 'noop kept free', 'dns-names renewal-due'],
  'a policy that the YAML changed, and due: renewed':             [{ pairs: { 'cert/server': { certificate: isDue } }, edited: ['cert/server'] },              'renew new free',  ''],
  'names that somebody changed, and a mode: the mode is mended':  [{ pairs: { 'cert/server': { certificate: { names } } }, files: mode },                      'fix kept free',   'dns-names'],
  'a pair that is not there: waits':                              [{ pairs: { 'cert/server': { certificate: 'absent', key: 'absent' } } },                     'noop new free',   'missing'],
  'a key that is gone: waits':                                    [{ pairs: { 'cert/server': { key: 'absent' } } },                                            'noop kept free',  'private-key-missing'],
  'a key that is another: waits, and nothing is done to it':      [{ pairs: { 'cert/server': { key: key('another') } }, files: mode },                         'noop kept free',  'key-mismatch private-key-mode'],
};

for (const [sentence, [wishes, does, leaves]] of Object.entries(rows))
  test(sentence, () => {
    const { full, scheduled } = plans(wishes);
    const change = changeOf(scheduled, 'cert/server');
    assert.is(decided(change).replace(/^noop \w+/, 'noop kept'), does.replace(/^noop \w+/, 'noop kept'));
    const waiting = waitingForApply(full, scheduled).filter(({ address }) => address === 'cert/server');
    assert.is(
      waiting
        .flatMap(({ codes }) => codes)
        .toSorted()
        .join(' '),
      leaves,
    );
  });

test('an authority that does not exist is never created, asked for or not', () => {
  for (const confirm of [[], ['ca/etcd']]) {
    const { scheduled } = plans({
      options: { confirm },
      files: Object.fromEntries(resources.flatMap(({ name }) => pairAt('/pki', name).map(({ path }) => [path, absent(path)]))),
    });
    assert.ok(scheduled.changes.every(({ action }) => action === 'noop'));
  }
});

test('an authority is never issued anew, whatever became of it; its modes are mended', () => {
  const usages = { usages: ['cert sign'] as const };
  const wishes = {
    resources: [authority('etcd', { usages: ['cert sign', 'crl sign'] }), leaf()],
    pairs: { 'ca/etcd': { certificate: usages } },
  };
  const { full, scheduled } = plans(wishes);
  assert.is(changeOf(full, 'ca/etcd').action, 'reissue');
  assert.is(changeOf(scheduled, 'ca/etcd').action, 'noop');
  const mended = plans({ ...wishes, files: { '/pki/etcd.key': { mode: 0o100644 } } }).scheduled;
  assert.is(changeOf(mended, 'ca/etcd').action, 'fix');
  assert.equal(codesOf(changeOf(mended, 'ca/etcd')), ['private-key-mode']);
});

test('a certificate is renewed by its authority as it is on disk, although another one is wanted', () => {
  const { full, scheduled } = plans({
    resources: [authority('etcd', { usages: ['cert sign', 'crl sign'] }), leaf()],
    pairs: { 'ca/etcd': { certificate: { usages: ['cert sign'] } }, 'cert/server': { certificate: isDue } },
  });
  assert.ok(changeOf(full, 'ca/etcd').action === 'reissue' && changeOf(full, 'ca/etcd').blocked === null);
  assert.is(decided(changeOf(scheduled, 'cert/server')), 'renew new free');
});

test('nothing is forgotten: what the YAML no longer names waits', () => {
  const made = world({ records: applied([...resources, leaf('gone')]) });
  const full = planOf(made);
  const scheduled = planOf({ ...made, options: { scheduled: true } });
  assert.is(changeOf(full, 'cert/gone').action, 'forget');
  assert.not.ok(scheduled.changes.some(({ address }) => address === 'cert/gone'));
  assert.equal(
    waitingForApply(full, scheduled).map(({ address, codes }) => `${address} ${codes}`),
    ['cert/gone no-longer-managed'],
  );
});

test('only watched is not touched', () => {
  const { scheduled } = plans({
    resources: [authority(), leaf('server', { manage: 'observe' })],
    pairs: { 'cert/server': { certificate: isDue } },
  });
  assert.is(changeOf(scheduled, 'cert/server').action, 'noop');
});

test('who only mends does so also where a renewal is due, and renews nothing', () => {
  const made = world({ resources, records: applied(resources), pairs: { 'cert/server': { certificate: isDue } }, files: mode });
  const only = (does: readonly Action[]) => planOf({ ...made, options: { ...made.options, scheduled: true, does: new Set(does) } });
  assert.is(changeOf(only(['fix']), 'cert/server').action, 'fix');
  assert.is(changeOf(only(['renew']), 'cert/server').action, 'renew');
  assert.is(changeOf(only([]), 'cert/server').action, 'noop');
});

test.run();
