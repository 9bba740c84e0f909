import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Address } from '../../src/domain/names.ts';
import type { Change } from '../../src/domain/plan.ts';
import { instantOf, seconds } from '../../src/domain/time.ts';
import type { StandingFact, WatchEvent } from '../../src/domain/watch-event.ts';
import { noRepairs } from '../../src/watch/repairs.ts';
import {
  beginWatch,
  type Effect,
  type Heard,
  type Looked,
  looked,
  type Moment,
  pauseAfter,
  tick,
  type WatchState,
} from '../../src/watch/watch-state.ts';

const test = suite('watch/watch-state');

const at = (milliseconds: number, wall = milliseconds): Moment => ({
  now: instantOf(1_800_000_000 + wall / 1000),
  elapsed: milliseconds,
  sinceBoot: milliseconds / 1000,
});
const silence: Heard = { touched: new Set(), everything: false, deaf: new Map(), last: undefined };
const touch = (last: number, ...touched: readonly Address[]): Heard => ({ ...silence, touched: new Set(touched), last });

const fact = (key: string, value = 'a', code: 'private-key-mode' | 'service-stale' = 'private-key-mode'): StandingFact => ({
  key,
  value,
  kind: 'drift',
  line: {
    code,
    severity: 'warning',
    failClass: 'drift',
    fails: true,
    about: { change: { address: `cert/${key}` } as Change, finding: { code: 'key-exposed', detail: key } },
  },
});
/** A condition from before, of whose end a look at its resource alone knows nothing. */
const condition = (key: string): StandingFact => {
  const { line, ...rest } = fact(key);
  const diagnostic = { code: 'renewal-failed', severity: 'error', message: key, hint: '', address: `cert/${key}` } as const;
  return { ...rest, line: { ...line, code: 'renewal-failed', about: { diagnostic } } };
};
const seen = (facts: readonly StandingFact[], more: Partial<Looked> = {}): Looked => ({
  at: 'everything',
  facts,
  resources: 4,
  nextDue: null,
  ...more,
});

const looks = (effects: readonly Effect[]) =>
  effects.flatMap((effect) => (effect.do === 'look' ? [effect.at === 'everything' ? 'everything' : [...effect.at].join()] : []));
const told = (effects: readonly Effect[]): readonly WatchEvent[] =>
  effects.flatMap((effect) => (effect.do === 'tell' ? [effect.event] : []));
const words = (effects: readonly Effect[]) =>
  told(effects)
    .map((event) => ('fact' in event ? `${event.event} ${event.fact.key}=${event.fact.value}` : event.event))
    .filter((word) => word !== 'heartbeat');

/** After everything was looked at once, at 0 ms. */
function begun(facts: readonly StandingFact[] = [], interval = seconds(60)): WatchState {
  const [first] = tick(beginWatch(interval, at(0)), at(0), silence);
  return looked(first, at(0), seen(facts))[0];
}

test('a renewal that falls due is looked for when it does, once, however long the interval', () => {
  const due = { address: 'cert/a', at: at(5000).now } as const;
  const interval = seconds(86_400);
  const [first] = tick(beginWatch(interval, at(0)), at(0), silence);
  const state = looked(first, at(0), seen([], { nextDue: due }))[0];
  assert.equal(looks(tick(state, at(5000), silence)[1]), []);
  const [then, effects] = tick(state, at(6000), silence);
  assert.equal(looks(effects), ['everything']);
  for (const nextDue of [null, due]) {
    const after = looked(then, at(6000), seen([], { nextDue }))[0];
    assert.equal(looks(tick(after, at(7000), silence)[1]), [], 'held back or not');
  }
});

test('the first thing is to look at everything, and then once in each interval', () => {
  const [state, effects] = tick(beginWatch(seconds(60), at(0)), at(0), silence);
  assert.equal(looks(effects), ['everything']);
  assert.equal(looks(tick(state, at(59_999), silence)[1]), []);
  assert.equal(looks(tick(state, at(60_000), silence)[1]), ['everything']);
});

test('what was touched is looked at when it was quiet for 200 ms, and nothing else', () => {
  const [heard, effects] = tick(begun(), at(5000), touch(5000, 'cert/a'));
  assert.equal(looks(effects), []);
  assert.is(pauseAfter(heard, at(5000)), 200);
  const [more, still] = tick(heard, at(5150), touch(5140, 'cert/b'));
  assert.equal(looks(still), []);
  assert.is(pauseAfter(more, at(5200)), 140);
  const [after, now] = tick(more, at(5340), silence);
  assert.equal(looks(now), ['cert/a,cert/b']);
  assert.is(after.waiting, undefined);
});

test('whoever never stops writing is looked at after a second all the same', () => {
  let state = begun();
  const when: number[] = [];
  for (let time = 1000; time <= 5000; time += 100) {
    const [next, effects] = tick(state, at(time), touch(time, 'cert/a'));
    state = next;
    if (looks(effects).length > 0) when.push(time);
  }
  assert.equal(when, [2000, 3100, 4200]);
});

test('a folder or a text that changed has everything looked at, once it is quiet', () => {
  const [state, first] = tick(begun(), at(1000), { ...silence, everything: true, last: 1000 });
  assert.equal(looks(first), []);
  assert.equal(looks(tick(state, at(1200), silence)[1]), ['everything']);
});

test('a clock that is set, and a machine that slept, is told and has everything looked at; a clock that is corrected is not', () => {
  for (const [name, wall, by] of [
    ['forwards', 3_601_000, 3600],
    ['backwards', 1000 - 86_400_000, -86_400],
  ] as const) {
    const [state, effects] = tick(begun(), at(1000, wall), silence);
    assert.equal(told(effects), [{ event: 'clock', by }], name);
    assert.equal(looks(tick(state, at(1300, wall + 300), silence)[1]), ['everything'], name);
  }
  assert.equal(tick(begun(), at(1000, 4000), silence)[1], []);
});

test('a fact is told once, again where its value is another one, and when it is over', () => {
  let state = begun([fact('a')]);
  const then = (time: number, ...facts: readonly StandingFact[]) => {
    const [next, effects] = looked(state, at(time), seen(facts));
    state = next;
    return words(effects);
  };
  assert.equal(then(1000, fact('a')), []);
  assert.equal(then(2000, fact('a', 'b'), fact('c')), ['stands a=b', 'stands c=a']);
  assert.equal(then(3000, fact('c')), ['resolved a=b']);
  assert.equal(then(4000, fact('a'), fact('c')), ['stands a=a']);
});

test('since is when its field was first seen to be wrong, whatever its value became', () => {
  const [state] = looked(begun([fact('a')]), at(7000), seen([fact('a', 'b')]));
  const [, effects] = looked(state, at(9000), seen([]));
  assert.equal(
    told(effects).map((event) => event.event === 'resolved' && event.since),
    [at(0).now, false],
  );
});

test('what nobody looked at stands as it did, and what services show stands until they are looked at again', () => {
  const state = begun([fact('a', 'a', 'service-stale'), fact('b'), fact('c')]);
  const [next, effects] = looked(state, at(1000), seen([], { at: new Set<Address>(['cert/a', 'cert/b']) }));
  assert.equal(words(effects), ['resolved b=a']);
  assert.equal(words(looked(next, at(2000), seen([]))[1]), ['resolved a=a', 'resolved c=a']);
});

test('a condition is not over because somebody looked at the files of its resource alone', () => {
  const state = begun([condition('a'), fact('b')]);
  const [next, effects] = looked(state, at(1000), seen([], { at: new Set<Address>(['cert/a', 'cert/b']) }));
  assert.equal(words(effects), ['resolved b=a']);
  assert.equal(words(looked(next, at(2000), seen([condition('a')]))[1]), []);
  assert.equal(words(looked(next, at(2000), seen([]))[1]), ['resolved a=a']);
});

test('a text is told when it changes: broken once, and once when it is right', () => {
  const text = (sha256: string, code?: 'unknown-field') => ({
    sha256,
    changed: [],
    texts: new Map<string, string>(),
    diagnostics: code ? [{ code, severity: 'error', message: '', hint: '' } as const] : [],
  });
  const [first, none] = looked(begun(), at(0), seen([], { text: text('1') }));
  assert.equal(words(none), []);
  const [broken, said] = looked(first, at(1000), seen([], { text: text('2', 'unknown-field') }));
  assert.equal(words(said), ['config']);
  assert.equal(words(looked(broken, at(2000), seen([], { text: text('2', 'unknown-field') }))[1]), []);
  assert.equal(words(looked(broken, at(2000), seen([], { text: text('1') }))[1]), ['config']);
});

test('deafness is told once, and once when everything is heard again', () => {
  const deaf = new Map([['/etc/etcd', 'ENOSPC']]);
  const [state, effects] = looked(begun(), at(1000), seen([], { deaf }));
  assert.equal(words(effects), ['hearing']);
  assert.equal(words(looked(state, at(2000), seen([], { deaf }))[1]), []);
  assert.equal(words(looked(state, at(2000), seen([]))[1]), ['hearing']);
  assert.equal(words(tick(begun(), at(1000), { ...silence, deaf })[1]), ['hearing']);
});

test('the heartbeat counts resources, and says when everything is looked at next', () => {
  const [first] = tick(beginWatch(seconds(60), at(0)), at(0), silence);
  const [, effects] = looked(first, at(1000), seen([fact('a'), fact('b'), { ...fact('b'), key: 'b2' }]));
  const [heartbeat] = told(effects).filter(({ event }) => event === 'heartbeat');
  assert.ok(heartbeat?.event === 'heartbeat');
  assert.equal([heartbeat.resources, heartbeat.inSync, heartbeat.counts.drift, heartbeat.nextCheck], [4, 2, 2, at(60_000).now]);
});

test('it never sleeps longer than a second, and never past the interval', () => {
  assert.is(pauseAfter(begun(), at(10_000)), 1000);
  assert.is(pauseAfter(begun(), at(59_800)), 200);
  assert.is(pauseAfter(begun(), at(99_000)), 1);
});

test('what could not be done is tried again at once when somebody asks for a look, and when the text is another one', () => {
  const past = { at: [0], pausedUntil: 60_000, pauses: 1 };
  const paused: WatchState = { ...begun(), repairs: { ...noRepairs, failed: new Map([['cert/a' as const, past]]) } };
  const asked = tick(paused, at(1000), { ...silence, everything: true, asked: true, last: 1000 })[0];
  const edited = looked(paused, at(1000), seen([], { text: { sha256: 'b', changed: [], diagnostics: [], texts: new Map() } }))[0];
  const touched = tick(paused, at(1000), touch(1000, 'cert/a'))[0];
  assert.equal(
    [asked, edited, touched].map(({ repairs }) => repairs.failed.size),
    [0, 0, 1],
  );
});

test.run();
