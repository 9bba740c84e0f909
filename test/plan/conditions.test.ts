import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Condition, type ConditionNews, type ConditionType, conditionKey, conditionTypeNames } from '../../src/domain/condition.ts';
import type { Served } from '../../src/domain/served.ts';
import { days, earlier, type Instant, later, seconds } from '../../src/domain/time.ts';
import { foldConditions } from '../../src/plan/conditions.ts';
import { appliedAs, failed, type LookWishes, look, said, soon } from '../support/condition-looks.ts';
import { authority, certificateFor, key, leaf, now, problem } from '../support/plan-world.ts';

const test = suite('plan/conditions');

const word = (news: ConditionNews): string => {
  const { type, address, severity } = news.condition;
  return [news.status, type, address ?? '', severity, news.status === 'cleared' ? news.because : '']
    .filter((part) => part !== '')
    .join(' ');
};

/** A leaf of a year that ends after so many days. */
const leafWith = (left: number, rest = {}) => ({
  pairs: {
    'cert/server': { certificate: { notAfter: later(now, days(left)), notBefore: earlier(later(now, days(left)), days(365)), ...rest } },
  },
});
const leafGone = { pairs: { 'cert/server': { certificate: { notAfter: earlier(now, days(1)) } } } };
const authorityWith = (left: number) => ({
  resources: [authority()],
  pairs: { 'ca/etcd': { certificate: { notAfter: later(now, days(left)), notBefore: earlier(now, days(3000)) } } },
});
const mode = (value: number): LookWishes => ({ files: { '/pki/server.key': { mode: 0o100000 | value } } });

const probed = leaf('server', { services: ['web'], probe: { tls: '127.0.0.1:443' } });
const web = { name: 'web', place: probed.place, after: [], reload: ['true'] };
const onDisk = certificateFor(probed, key('server'), {
  key: key('etcd'),
  certificate: certificateFor(authority(), key('etcd'), undefined),
});
const endpoint = '127.0.0.1:443';
const serving = (sha256: string): Served => ({
  state: 'served',
  endpoint,
  at: now,
  certificate: { sha256, subject: 'CN=server', serial: sha256, notAfter: later(now, days(5)) },
});
const refused: Served = { state: 'failed', endpoint, at: now, failure: 'refused', cause: 'connection refused' };
const withProbe = (served?: Served, rest: Pick<LookWishes, 'pairs'> = {}): LookWishes => ({
  ...rest,
  resources: [authority(), probed],
  services: [web],
  environment: served ? { served: new Map([['cert/server', served]]) } : {},
});

/** How a type of condition lives: by looks, and what is told of each. */
interface Life {
  readonly raised: LookWishes;
  readonly changed: LookWishes;
  /** Looks that find nothing wrong, and did not make the check. */
  readonly unchecked: readonly LookWishes[];
  readonly cleared: LookWishes;
  readonly told: readonly [raised: string, changed: string, cleared: string];
}

// biome-ignore format: table
const lives: Readonly<Record<ConditionType, Life>> = {
  'renewal-failed': {
    raised: { ...leafWith(25), outcomes: [failed('cert/server')] },
    changed: { ...leafWith(25), outcomes: [failed('cert/server', { message: 'cannot write /pki/server.key' })] },
    // Nothing is due any more because somebody has shortened the window; nothing was tried; the pair is torn; another certificate is there and expired.
    unchecked: [{ ...leafWith(25), resources: [authority(), leaf('server', { renewBefore: days(1) })] }, leafWith(2), { ...leafWith(300), outcomes: [], only: ['ca/etcd'] }, { pairs: { 'cert/server': { key: 'absent' } } }, leafGone, { diagnostics: [said('clock-behind')] }],
    cleared: {},
    told: ['raised renewal-failed cert/server warning', 'changed renewal-failed cert/server warning', 'cleared renewal-failed cert/server warning passed'],
  },
  'service-stale': {
    raised: withProbe(serving('one')),
    changed: withProbe(serving('two')),
    // Nobody answers; nobody looked; the certificate is gone.
    unchecked: [withProbe(refused), withProbe(), withProbe(serving('two'), { pairs: { 'cert/server': { certificate: 'absent', key: 'absent' } } })],
    cleared: withProbe(serving(onDisk.sha256)),
    told: ['raised service-stale cert/server error', 'changed service-stale cert/server error', 'cleared service-stale cert/server error passed'],
  },
  drifted: {
    raised: mode(0o640),
    changed: mode(0o660),
    unchecked: [{ only: ['ca/etcd'] }],
    cleared: {},
    told: ['raised drifted cert/server error', 'changed drifted cert/server error', 'cleared drifted cert/server error passed'],
  },
  expiring: {
    raised: { ...leafWith(25), resources: [authority(), leaf('server', { warnBefore: days(30), renewBefore: days(1) })] },
    changed: { ...leafWith(2), resources: [authority(), leaf('server', { warnBefore: days(30), renewBefore: days(1) })] },
    unchecked: [{ only: [] }, { pairs: { 'cert/server': { certificate: 'absent', key: 'absent' } } }, { pairs: { 'cert/server': { certificate: { notAfter: Number.NaN as Instant } } } }, { diagnostics: [said('clock-behind')] }],
    cleared: {},
    told: ['raised expiring cert/server warning', 'changed expiring cert/server error', 'cleared expiring cert/server error passed'],
  },
  expired: {
    raised: leafGone,
    changed: { pairs: { 'cert/server': { certificate: { notAfter: earlier(now, days(2)) } } } },
    unchecked: [{ only: [] }, { pairs: { 'cert/server': { certificate: 'absent', key: 'absent' } } }, { diagnostics: [said('clock-behind')] }],
    cleared: {},
    told: ['raised expired cert/server error', 'changed expired cert/server error', 'cleared expired cert/server error passed'],
  },
  'ca-expiring': {
    raised: authorityWith(170),
    changed: authorityWith(20),
    unchecked: [{ only: [] }, { diagnostics: [said('clock-behind')] }],
    cleared: { resources: [authority()] },
    told: ['raised ca-expiring ca/etcd warning', 'changed ca-expiring ca/etcd error', 'cleared ca-expiring ca/etcd error passed'],
  },
  'key-exposed': {
    raised: mode(0o644),
    changed: mode(0o646),
    unchecked: [{ only: [] }, { pairs: { 'cert/server': { key: 'absent' } } }, { files: { '/pki/server.key': problem('/pki/server.key', 'unreadable') } }],
    cleared: {},
    told: ['raised key-exposed cert/server error', 'changed key-exposed cert/server error', 'cleared key-exposed cert/server error passed'],
  },
  'time-suspect': {
    raised: { diagnostics: [said('clock-behind', { severity: 'warning' })] },
    changed: { diagnostics: [said('clock-ahead')] },
    unchecked: [{ unmade: ['clock'] }],
    cleared: {},
    told: ['raised time-suspect warning', 'changed time-suspect error', 'cleared time-suspect error passed'],
  },
  'watch-degraded': {
    raised: { diagnostics: [said('watch-degraded', { severity: 'warning' })] },
    changed: { diagnostics: [said('watch-degraded', { severity: 'warning', message: 'two folders' })] },
    unchecked: [{ unmade: ['listening'] }],
    cleared: {},
    told: ['raised watch-degraded warning', 'changed watch-degraded warning', 'cleared watch-degraded warning passed'],
  },
  'commit-conflict': {
    raised: { diagnostics: [said('commit-conflict')] },
    changed: { outcomes: [failed('cert/server', { code: 'change-unfinished' })] },
    unchecked: [{ unmade: ['journal'] }],
    cleared: {},
    told: ['raised commit-conflict error', 'changed commit-conflict error', 'cleared commit-conflict error passed'],
  },
  'not-converging': {
    raised: { diagnostics: [said('not-converging', { address: 'cert/server' })] },
    changed: { outcomes: [failed('cert/server', { code: 'self-check-failed' })] },
    unchecked: [{ only: [] }, { resources: [authority(), leaf('server', { usages: ['digital signature', 'client auth'] })], pairs: { 'cert/server': { certificate: { usages: ['server auth'] } } } }],
    cleared: {},
    told: ['raised not-converging cert/server error', 'changed not-converging cert/server error', 'cleared not-converging cert/server error passed'],
  },
  'desired-state-broken': {
    raised: { diagnostics: [said('desired-state-broken')], unmade: ['text'] },
    changed: { diagnostics: [said('desired-state-broken', { message: 'and otherwise' })], unmade: ['text'] },
    unchecked: [{ unmade: ['text'] }, { from: ['other.yaml'] }],
    cleared: {},
    told: ['raised desired-state-broken error', 'changed desired-state-broken error', 'cleared desired-state-broken error passed'],
  },
};

const ofType = (type: ConditionType, all: readonly Condition[]): readonly Condition[] => all.filter((condition) => condition.type === type);
const newsOf = (type: ConditionType, all: readonly ConditionNews[]): readonly string[] =>
  all.filter(({ condition }) => condition.type === type).map(word);

for (const type of conditionTypeNames) {
  const { raised, changed, unchecked, cleared, told } = lives[type];
  test(`${type} is raised once, told again when it changes, and cleared when its check passes, with the time at which it began`, () => {
    const first = foldConditions([], look(raised));
    assert.equal(newsOf(type, first.news), [told[0]]);
    const again = foldConditions(first.after, { ...look(raised), now: soon(60) });
    assert.equal(newsOf(type, again.news), [], 'the same is no news');
    assert.equal(ofType(type, again.after), ofType(type, first.after));
    const other = foldConditions(again.after, { ...look(changed), now: soon(120) });
    assert.equal(newsOf(type, other.news), [told[1]]);
    const [condition] = ofType(type, other.after);
    assert.equal([condition?.since, condition?.changedAt], [now, soon(120)]);
    const over = foldConditions(other.after, { ...look(cleared), now: soon(180) });
    assert.equal(newsOf(type, over.news), [told[2]]);
    assert.equal(ofType(type, over.after), []);
    assert.ok((condition?.reason ?? '') !== '' && (condition?.repair ?? '') !== '', 'it says why, and what to do');
  });
  test(`${type} stands, as it began, through looks that find nothing and did not make the check`, () => {
    const { after } = foldConditions([], look(raised));
    for (const [index, wishes] of unchecked.entries()) {
      const { after: then, unchecked: left } = foldConditions(after, { ...look(wishes), now: soon(60) });
      assert.is(ofType(type, then)[0]?.since, now, `look ${index}`);
      if (wishes.from === undefined) assert.equal(ofType(type, left).length, 1, `look ${index} is not said to have seen it`);
    }
  });
}

test('a renewal that waits because somebody wants it to, that was interrupted, or that nobody tried, has not failed', () => {
  const quiet = (wishes: LookWishes) => assert.equal(newsOf('renewal-failed', foldConditions([], look(wishes)).news), []);
  quiet(leafWith(25));
  quiet({ ...leafWith(25), outcomes: [{ result: 'held-back', address: 'cert/server', action: 'renew', because: 'interrupted' }] });
  quiet({ outcomes: [failed('cert/server')] });
});

test('a renewal that is due and blocked, or that waits for an issuer that failed, has failed', () => {
  const told = (wishes: LookWishes) => newsOf('renewal-failed', foldConditions([], look(wishes)).news);
  const keyless = { ...leafWith(25), pairs: { ...leafWith(25).pairs, 'ca/etcd': { key: 'absent' as const } }, outcomes: [] };
  assert.equal(told(keyless), ['raised renewal-failed cert/server warning']);
  assert.equal(
    told({ ...leafWith(25), outcomes: [{ result: 'held-back', address: 'cert/server', action: 'renew', because: 'ca/etcd' }] }),
    ['raised renewal-failed cert/server warning'],
  );
});

test('an edit of the YAML that was not applied is no drift, and hides none that stands', () => {
  const edit = {
    resources: [authority(), leaf('server', { usages: ['digital signature', 'client auth'] })],
    records: appliedAs([authority(), leaf()]),
  };
  assert.equal(foldConditions([], look({ ...edit, ...mode(0o640) })).news, []);
  const { after } = foldConditions([], look(mode(0o640)));
  assert.equal(foldConditions(after, look({ ...edit, ...mode(0o640) })).news, []);
  assert.equal(foldConditions(after, look(edit)).news.map(word), ['cleared drifted cert/server error passed']);
});

test('a service that has still to be told is stale until nobody has to be told any more', () => {
  const marked = said('service-pending', { severity: 'warning', address: 'service/web', message: 'service/web has still to be told' });
  const first = foldConditions([], look({ ...withProbe(), diagnostics: [marked] }));
  assert.equal(first.news.map(word), ['raised service-stale service/web warning']);
  assert.is(foldConditions(first.after, look({ ...withProbe(), unmade: ['services'] })).news.length, 0);
  assert.equal(foldConditions(first.after, look(withProbe())).news.map(word), ['cleared service-stale service/web warning passed']);
});

test('what is accepted is not raised, and what stood is over because of that', () => {
  const accept = [{ code: 'private-key-mode' as const, reason: 'known', until: later(now, days(9)), place: leaf().place }];
  const tolerant = { ...mode(0o640), resources: [authority(), leaf('server', { accept })] };
  assert.equal(foldConditions([], look(tolerant)).news, []);
  const { after } = foldConditions([], look(mode(0o640)));
  assert.equal(foldConditions(after, look(tolerant)).news.map(word), ['cleared drifted cert/server error accepted']);
});

test('what the same YAML no longer names is cleared as that; another YAML over the same state directory says nothing of it', () => {
  const { after } = foldConditions([], look(mode(0o640)));
  const without = { resources: [authority()] };
  assert.equal(foldConditions(after, look(without)).news.map(word), ['cleared drifted cert/server error not-managed']);
  const other = foldConditions(after, look({ ...without, from: ['other.yaml'] }));
  assert.equal([other.news, other.standing, other.after.length], [[], [], 1]);
  const broken = foldConditions(after, look({ ...without, unmade: ['text'] }));
  assert.equal(broken.news, [], 'a text that is broken removes nothing');
});

test('a probe that was taken out of the YAML clears what only it could', () => {
  const { after } = foldConditions([], look(withProbe(serving('one'))));
  assert.equal(foldConditions(after, look()).news.map(word), ['cleared service-stale cert/server error not-managed']);
});

test('while the clock is in doubt nothing is said of dates', () => {
  const early = { pairs: { 'cert/server': { certificate: { notBefore: later(now, days(1)) } } }, diagnostics: [said('clock-behind')] };
  assert.equal(foldConditions([], look(early)).news.map(word), ['raised time-suspect error']);
  assert.equal(foldConditions([], look({ ...leafGone, diagnostics: [said('clock-ahead')] })).news.map(word), ['raised time-suspect error']);
});

test('severity grows as life shortens, also where nobody looks', () => {
  const { after } = foldConditions([], look(lives['renewal-failed'].raised));
  const at = (left: number) =>
    foldConditions(after, { ...look(), changes: [], now: earlier(later(now, days(25)), days(left)) }).after[0]?.severity;
  assert.equal([at(4), at(3), at(2), at(-1)], ['warning', 'warning', 'error', 'error']);
});

test('many reasons make one condition, of which three are said', () => {
  const files = Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((name) => [`/pki/${name}.crt`, { mode: 0o100666 }]));
  const sets = ['a', 'b', 'c', 'd', 'e'].map((name) => ({
    files: [{ role: 'certificate' as const, path: `/pki/${name}.crt`, place: leaf().place }],
  }));
  const many = leaf('server', { fileSets: [leaf().fileSets[0], ...sets] });
  const { after } = foldConditions([], look({ resources: [authority(), many], files }));
  assert.is(after.length, 1);
  assert.match(after[0]?.reason ?? '', /; and 2 more$/);
});

/** Any history of looks: `since` never moves while it stands, it is raised once, and never cleared by a look that did not make its check. */
test('however looks follow on each other, since stands still, nothing is raised twice, and nothing is cleared unchecked', () => {
  const stages = ['raised', 'changed', 'unchecked', 'cleared'] as const;
  const step = fc.record({ type: fc.constantFrom(...conditionTypeNames), stage: fc.constantFrom(...stages), which: fc.nat(9) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      let before: readonly Condition[] = [];
      let time = now;
      for (const { type, stage, which } of steps) {
        time = later(time, seconds(60));
        const life = lives[type];
        const wishes = stage === 'unchecked' ? life.unchecked[which % life.unchecked.length] : life[stage];
        const fold = foldConditions(before, { ...look(wishes), now: time });
        const known = new Map(before.map((condition) => [conditionKey(condition), condition]));
        const after = new Map(fold.after.map((condition) => [conditionKey(condition), condition]));
        assert.is(after.size, fold.after.length, 'each once');
        for (const [key, { since }] of after) assert.is(since, known.get(key)?.since ?? time);
        for (const { status, condition } of fold.news) {
          assert.is(known.has(conditionKey(condition)), status !== 'raised');
          assert.is(after.has(conditionKey(condition)), status !== 'cleared');
        }
        if (stage === 'unchecked')
          for (const key of known.keys())
            if ((JSON.parse(key) as readonly unknown[])[0] === type) assert.ok(after.has(key), `${key} was cleared`);
        for (const [key, condition] of known)
          if (!after.has(key)) assert.ok(fold.news.some((news) => news.condition === condition && news.status === 'cleared'));
        before = fold.after;
      }
    }),
    { numRuns: 300 },
  );
});

test.run();
