import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Run } from '../../src/cli/run.ts';
import { watchOutputFor } from '../../src/cli/watch-output.ts';
import { instantOf } from '../../src/domain/time.ts';
import type { StandingFact, WatchEvent } from '../../src/domain/watch-event.ts';

const test = suite('cli/watch-output');

const eight = instantOf(Date.parse('2027-01-15T08:00:00Z') / 1000);
const fact: StandingFact = {
  key: 'a',
  value: 'a',
  kind: 'drift',
  line: {
    code: 'private-key-mode',
    severity: 'warning',
    failClass: 'drift',
    fails: true,
    about: { diagnostic: { code: 'private-key-mode', severity: 'warning', message: 'open', hint: '', address: 'cert/a' } },
  },
};
const heartbeat = (inSync: number, drift: number): WatchEvent => ({
  event: 'heartbeat',
  resources: 2,
  inSync,
  counts: { drift, pending: 0, due: 0, finding: 0, trouble: 0 },
  nextCheck: instantOf(eight + 60),
  nextDue: null,
});

/** What it says on a terminal, standard output and the live line apart, while seconds go by. */
function onTerminal(once = false) {
  const said = { out: [] as string[], err: [] as string[] };
  const style = { colour: false, ascii: false, width: 100, hints: true };
  const terminal = {
    out: (text: string) => void said.out.push(text),
    err: (text: string) => void said.err.push(text),
    outStyle: style,
    errStyle: style,
    live: true,
  };
  let passed = 0;
  const clock = { now: () => instantOf(eight + passed), elapsed: () => passed * 1000 };
  const run = { terminal, environment: {}, options: { once }, outside: { clock } } as unknown as Run;
  const output = watchOutputFor(run, () => {}, { does: undefined, hears: true });
  return { said, output, later: (seconds: number) => (passed += seconds) };
}

test('between two looks at everything the live line counts what was told since, and says when everything was looked at', () => {
  const { said, output, later } = onTerminal();
  output.tell(heartbeat(2, 0));
  assert.is(said.err.at(-1), '2 of 2 in sync | last full check 08:00:00, next 08:01:00');
  later(5);
  output.tell({ event: 'stands', fact, since: eight });
  assert.is(said.err.at(-1), '1 of 2 in sync, 1 drift | last full check 08:00:00, next 08:01:00');
  output.tell({ event: 'resolved', fact, since: eight });
  assert.is(said.err.at(-1), '2 of 2 in sync | last full check 08:00:00, next 08:01:00');
});

test('whoever asks how things stand is told how they stand now', () => {
  const { said, output } = onTerminal();
  output.status();
  assert.equal(said.out, []);
  output.tell(heartbeat(2, 0));
  output.tell({ event: 'stands', fact, since: eight });
  output.status();
  assert.match(said.out.at(-1) ?? '', /heartbeat +1 of 2 in sync, 1 drift/);
});

test('who looks once is not told how to stop', () => {
  const looker = { last: () => ({ plan: { changes: [] }, desired: { from: ['pki.yaml'] } }), extent: () => ({ files: 1, folders: 1 }) };
  for (const once of [true, false]) {
    const { said, output } = onTerminal(once);
    output.begun(looker as never);
    assert.is(said.err.join('').includes('Ctrl-C'), !once);
  }
});

test.run();
