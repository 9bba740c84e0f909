/**
 * P26: it stops cleanly. Told to end (SIGTERM) at any system call that changes the disk, a run finishes the change that is being published or begins none, says
 * so by its exit code, and leaves nothing to be completed; and telling it again and again does not spoil anything.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type CutSite,
  copyOf,
  type Ended,
  faultsAfterNextStart,
  faultsAtRest,
  outcomeOf,
  siteBefore,
  siteChanges,
  tornPairs,
} from '../support/cut-short.ts';
import { needs } from '../support/needs.ts';
import { callsIn, disturbing, noting } from '../support/strace.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';
import { isTorture, printFigure } from '../support/torture.ts';
import { inLanes, spread } from '../support/turns.ts';

const test = suite('promises/p26-stops');

const perChange = isTorture ? Number.POSITIVE_INFINITY : 4;
const totals = { stopped: 0, again: 0, old: 0, new: 0, slowest: 0 };

for (const change of needs('strace') ? siteChanges : [])
  test(`${change.name}: told to end at any moment, it ends within five seconds, whole`, () =>
    inTemporaryFolder(async (folder) => {
      const beginning = await siteBefore(change, join(folder, 'beginning'));
      const before = beginning.contents();
      const undisturbed = copyOf(beginning, join(folder, 'undisturbed'));
      const noted = join(folder, 'calls');
      await undisturbed.run('apply', ['--yes', ...change.apply], { under: noting(noted) });
      const calls = callsIn(noted, undisturbed.root).filter(({ changes }) => changes);
      // Node notes a signal by writing to a pipe of its own: a signal at every write would never come to an end.
      const trials = spread(calls, perChange).flatMap(({ name, nth }) =>
        (name === 'write' ? [`${nth}`] : [`${nth}`, `${nth}+`]).map((when) => ({ name, when })),
      );
      await inLanes(trials, async ({ name, when }, lane) => {
        const place = join(folder, `${lane}`);
        const what = `SIGTERM at ${name} number ${when}`;
        const stopped = async (): Promise<{ readonly site: CutSite; readonly ended: Ended }> => {
          const site = copyOf(beginning, place);
          const under = disturbing(join(place, 'calls'), name, when, 'signal=TERM');
          return { site, ended: await site.run('apply', ['--yes', ...change.apply], { under }) };
        };
        let { site, ended } = await stopped();
        // Also its start counts, under strace, while others may keep the machine busy: who is slow by himself is so every time.
        for (let again = 0; again < 3 && ended.milliseconds >= 5_000; again += 1) ({ site, ended } = await stopped());
        // Told in the last moments, when everything is done, it has nothing left to stop.
        assert.ok([0, 143].includes(ended.exit ?? 143), `${what}: exit ${ended.exit}, ${ended.stderr}`);
        assert.ok(ended.milliseconds < 5_000, `${what}: ${ended.milliseconds} ms`);
        totals.slowest = Math.max(totals.slowest, ended.milliseconds);
        totals[when.endsWith('+') ? 'again' : 'stopped'] += 1;
        totals[outcomeOf(site, before)] += 1;
        // Where the signal arrives again and again, a call that is repeated in vain may leave the rest to the next start.
        if (site.leftovers().length === 0) assert.equal([...tornPairs(site), ...faultsAtRest(site, change, before)], [], what);
        else assert.ok(when.endsWith('+'), `${what}: left ${site.leftovers().join(', ')}`);
        assert.equal(await faultsAfterNextStart(site, change, before), [], `${what}, after the next start`);
        rmSync(place, { recursive: true });
      });
    }));

test('the figures', () => {
  const { stopped, again, old, new: changed, slowest } = totals;
  printFigure(
    'P26',
    `${stopped} runs told once to end, ${again} told at every call from then on; ${old} left everything as it was, ${changed} what was committed; the slowest ended after ${Math.round(slowest)} ms; 0 torn`,
  );
});

test.run();
