import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Diagnostic } from '../../src/domain/diagnostic.ts';
import type { ApplyEvent, ResourceOutcome } from '../../src/domain/outcome.ts';
import { applySummary } from '../../src/report/apply-summary.ts';
import { applyEventLine, formatTook } from '../../src/report/apply-text.ts';
import { plainStyle } from '../../src/report/style.ts';
import { at, noop, now, plan } from '../support/change-builders.ts';
import { create, followsAuthority, newAuthorityKey } from '../support/etcd-changes.ts';

const test = suite('report/apply-text');

const failed: Diagnostic = { code: 'write-failed', severity: 'error', message: 'cannot write /etc/kubernetes/pki/x.key', hint: 'mount it' };
const published = (notAfter: string) => ({ serial: '1f', notAfter: at(notAfter), sha256: 'aa', spkiSha256: 'bb' });

const done = (address: 'ca/etcd' | 'cert/etcd-server' | 'cert/etcd-client', notAfter: string, milliseconds: number): ResourceOutcome => ({
  result: 'done',
  address,
  action: 'create',
  change: create(address),
  published: published(notAfter),
  paths: [`/etc/${address}.key`, `/etc/${address}.crt`],
  written: {},
  milliseconds,
});

const outcomes = {
  root: done('ca/etcd', '2036-11-20T16:30:00Z', 2300),
  server: done('cert/etcd-server', '2027-11-23T16:30:00Z', 1900),
  mode: { ...done('ca/etcd', '2036-11-20T16:30:00Z', 4), action: 'fix', change: noop.ca, published: null } as ResourceOutcome,
  failed: { result: 'failed', address: 'cert/apiserver-etcd-client', action: 'create', diagnostic: failed } as ResourceOutcome,
  heldBack: { result: 'held-back', address: 'cert/etcd-client', action: 'create', because: 'ca/etcd' } as ResourceOutcome,
  stopped: { result: 'held-back', address: 'cert/etcd-client', action: 'create', because: 'interrupted' } as ResourceOutcome,
  blocked: { result: 'blocked', address: 'ca/etcd', action: 'rekey', change: newAuthorityKey(false) } as ResourceOutcome,
  waiting: {
    result: 'blocked',
    address: 'cert/etcd-server',
    action: 'reissue',
    change: followsAuthority('cert/etcd-server', false),
  } as ResourceOutcome,
};

const line = (event: ApplyEvent, terminal: boolean): string | undefined =>
  applyEventLine(event, { style: plainStyle, terminal, now, addressColumns: 26 });
const progress: ApplyEvent = {
  type: 'progress',
  address: 'cert/etcd-client',
  action: 'create',
  doing: 'generating RSA 4096 key',
  milliseconds: 1400,
};

// biome-ignore format: table
const rows: readonly (readonly [string, ApplyEvent, string, string])[] = [
  ['done',        { type: 'end', outcome: outcomes.root },     '  ca/etcd                     create   done     2.3s   expires 2036-11-20',                     '2026-11-23T16:30:00Z ca/etcd create done expires=2036-11-20 took=2.3s'],
  ['mode',        { type: 'end', outcome: outcomes.mode },     '  ca/etcd                     fix      done     0.0s',                                           '2026-11-23T16:30:00Z ca/etcd fix done took=0.0s'],
  ['failed',      { type: 'end', outcome: outcomes.failed },   '  cert/apiserver-etcd-client  create   FAILED   cannot write /etc/kubernetes/pki/x.key',        '2026-11-23T16:30:00Z cert/apiserver-etcd-client create failed code=write-failed'],
  ['held back',   { type: 'end', outcome: outcomes.heldBack }, '  cert/etcd-client            create   held     ca/etcd did not succeed',                      '2026-11-23T16:30:00Z cert/etcd-client create held-back because=ca/etcd'],
  ['interrupted', { type: 'end', outcome: outcomes.stopped },  '  cert/etcd-client            create   held     interrupted before its turn',                  '2026-11-23T16:30:00Z cert/etcd-client create held-back because=interrupted'],
  ['blocked',     { type: 'end', outcome: outcomes.blocked },  '  ca/etcd                     rekey    blocked  only a person replaces a trust anchor',          '2026-11-23T16:30:00Z ca/etcd rekey blocked code=needs-confirmation'],
  ['at work',     progress,                                    '  cert/etcd-client            create   ...      generating RSA 4096 key, 1.4s',                 '2026-11-23T16:30:00Z cert/etcd-client create still generating RSA 4096 key ... 1.4s'],
];
for (const [name, event, terminal, pipeline] of rows) {
  test(`${name}: one aligned line on a terminal, one of words in a pipeline`, () => {
    assert.is(line(event, true), terminal);
    assert.is(line(event, false), pipeline);
  });
}

test('a start says nothing: what it leads to does', () => {
  assert.is(line({ type: 'start', address: 'ca/etcd', action: 'create' }, true), undefined);
});

test('times have one decimal, and none above a minute', () => {
  assert.equal(
    [formatTook(0), formatTook(830), formatTook(59_940), formatTook(60_000), formatTook(83_400)],
    ['0.0s', '0.8s', '59.9s', '60s', '83s'],
  );
});

const summary = (resources: readonly ResourceOutcome[], interrupted = false): string =>
  applySummary({ resources, interrupted }, plan([newAuthorityKey(false), followsAuthority('cert/etcd-server', false)]), {
    style: plainStyle,
  });

test('all done: how many of what, and how many files', () => {
  assert.is(summary([outcomes.root, outcomes.server]), 'Applied: 2 created, 4 files written.\n');
});

test('something failed: how far it came, and that going on is safe', () => {
  assert.is(
    summary([outcomes.root, outcomes.server, outcomes.failed, outcomes.heldBack]),
    'Applied 2 of 4: 2 created, 1 failed, 1 held back, 4 files written. Run certstate apply again to\ncontinue; finished work is not repeated.\n',
  );
});

test('interrupted: that first', () => {
  assert.match(
    summary([outcomes.root, outcomes.stopped], true),
    /^Interrupted\. Applied 1 of 2: 1 created, 1 held back, 2 files written\./,
  );
});

test('blocked: the ways out stand below, unless the plan with them stands right above', () => {
  const ways =
    '\n\n  To do this on purpose:  certstate apply --confirm ca/etcd\n  To keep the old CA:     remove "privateKey.algorithm" at pki.yaml:18\n';
  const some = summary([outcomes.server, outcomes.blocked, outcomes.waiting]);
  assert.match(some, /^Applied 1 of 3: /);
  assert.ok(some.endsWith(ways));
  assert.is(summary([outcomes.blocked, outcomes.waiting]), 'Nothing was applied: 1 blocked, 1 waiting.\n');
});

test('nothing to do is said', () => {
  assert.is(summary([]), 'Nothing to do.\n');
});

test.run();
