import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Action } from '../../src/domain/plan.ts';
import { instantOf, seconds } from '../../src/domain/time.ts';
import type { StandingFact, WatchEvent } from '../../src/domain/watch-event.ts';
import { plainStyle } from '../../src/report/style.ts';
import { watchEventText, watchingText } from '../../src/report/watch-text.ts';

const test = suite('report/watch-text');

const now = instantOf(Date.UTC(2026, 10, 23, 16, 41, 7) / 1000);
const fact: StandingFact = {
  key: 'k',
  value: 'v',
  kind: 'trouble',
  line: {
    code: 'service-pending',
    severity: 'warning',
    failClass: 'drift',
    fails: true,
    about: {
      diagnostic: {
        code: 'service-pending',
        severity: 'warning',
        message: 'service/etcd has still to be told\u001b[2J',
        hint: '',
        address: 'service/etcd',
      },
    },
  },
};
const say = (event: WatchEvent, manner: 'terminal' | 'pipe' | 'journal') =>
  watchEventText(event, { style: plainStyle, now, manner, addressColumns: 13 });

// biome-ignore format: table
const rows: readonly (readonly [string, WatchEvent, readonly [terminal: string, pipe: string, journal: string]])[] = [
  ['a fact', { event: 'stands', fact, since: now }, [
    '16:41:07  trouble   service/etcd   has still to be told\\u{1b}[2J',
    '2026-11-23T16:41:07Z trouble service/etcd code=service-pending what="has still to be told\\u001b[2J"',
    '<4>trouble service/etcd code=service-pending what="has still to be told\\u001b[2J"']],
  ['what is over', { event: 'resolved', fact, since: instantOf(now - 25) }, [
    '16:41:07  resolved  service/etcd   service-pending is over after 25 s',
    '2026-11-23T16:41:07Z resolved service/etcd code=service-pending after=25s',
    '<6>resolved service/etcd code=service-pending after=25s']],
  ['the clock', { event: 'clock', by: -3600 }, [
    '16:41:07  clock     host           the clock went 60 min backwards at once: it was set, or the machine slept; everything is looked at again',
    '2026-11-23T16:41:07Z clock host stepped=-3600s',
    '<4>clock host stepped=-3600s']],
  ['all is heard again', { event: 'hearing', deaf: new Map(), interval: seconds(60) }, [
    '16:41:07  watch     restored       every folder is listened to again',
    '2026-11-23T16:41:07Z watch restored folders=0',
    '<6>watch restored folders=0']],
  ['a text that means something else', { event: 'config', sha256: '', changed: ['cert/a', 'cert/b'], diagnostics: [], texts: new Map() }, [
    '16:41:07  config    desired-state  changed: cert/a, cert/b',
    '2026-11-23T16:41:07Z config desired-state changed=cert/a,cert/b',
    '<6>config desired-state changed=cert/a,cert/b']],
  ['a heartbeat', { event: 'heartbeat', resources: 4, inSync: 2, counts: { drift: 1, pending: 0, due: 1, finding: 0, trouble: 0 }, nextCheck: now, nextDue: { address: 'cert/a', at: now } }, [
    '16:41:07  heartbeat                2 of 4 in sync, 1 drift, 1 due; next due 2026-11-23',
    '2026-11-23T16:41:07Z heartbeat resources=4 in_sync=2 drift=1 due=1 next_due=2026-11-23',
    '<6>heartbeat resources=4 in_sync=2 drift=1 due=1 next_due=2026-11-23']],
];

for (const [name, event, [terminal, pipe, journal]] of rows)
  test(`${name}: on a terminal, in a pipeline, in the journal`, () => {
    assert.is(say(event, 'terminal'), `${terminal}\n`);
    assert.is(say(event, 'pipe'), `${pipe}\n`);
    assert.is(say(event, 'journal'), `${journal}\n`);
  });

test('what is watched is said at the start', () => {
  assert.is(
    watchingText({ from: ['pki.yaml'], files: 1, folders: 1 }, { does: undefined, hears: false }),
    'Watching pki.yaml and 1 file in 1 folder. Report only. Nothing is listened to: everything is looked at in each interval. Ctrl-C stops.\n',
  );
  const does = (...actions: readonly Action[]) =>
    watchingText({ from: ['pki.yaml'], files: 2, folders: 1 }, { does: new Set(actions), hears: true });
  assert.match(does('fix', 'renew'), 'What is due is renewed and what can be mended without issuing is mended. Ctrl-C');
  assert.match(does('fix'), 'folder. Done without asking: fix. Ctrl-C');
  assert.match(does('fix', 'renew', 'reissue'), 'Done without asking: fix, renew, reissue.');
});

test.run();
