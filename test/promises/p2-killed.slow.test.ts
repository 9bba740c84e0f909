/**
 * P2: what P1 shows for the protocol holds for the program as it is shipped, on a real disk. It is killed before each system call that changes the disk, and
 * at random moments; such a call fails; and each time every file is whole at once, and every pair entirely old or entirely new after the next start.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { dice } from '../support/crash-images.ts';
import {
  brokenFiles,
  type CutSite,
  copyOf,
  faultsAfterNextStart,
  faultsAtRest,
  outcomeOf,
  type SiteChange,
  siteBefore,
  siteChanges,
  tornPairs,
} from '../support/cut-short.ts';
import { needs } from '../support/needs.ts';
import { type Call, type CallName, callsIn, changingCalls, disturbing, failedAChange, lastCallIn, noting } from '../support/strace.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';
import { isTorture, printFigure } from '../support/torture.ts';
import { inLanes, spread } from '../support/turns.ts';

const test = suite('promises/p2-killed');

const extent = isTorture
  ? { killsPerChange: Number.POSITIVE_INFINITY, errorsPerChange: Number.POSITIVE_INFINITY, randomKills: 10_000 }
  : { killsPerChange: 14, errorsPerChange: 6, randomKills: 200 };
const randomKills = Number(process.env['CERTSTATE_KILLS'] ?? extent.randomKills);
const totals = { kills: 0, atChanges: 0, errors: 0, random: 0, unfinished: 0 };
type Contents = ReturnType<CutSite['contents']>;

interface Trial {
  readonly site: CutSite;
  readonly log: string;
  readonly before: Contents;
}

/** A place for trials of one change: the calls of an undisturbed run, and as many sites as are wanted. */
interface Trials {
  readonly calls: readonly Call[];
  readonly trial: <Value>(lane: number, body: (trial: Trial) => Promise<Value>) => Promise<Value>;
}

const trialsOf = (change: SiteChange, body: (trials: Trials) => Promise<void>): Promise<void> =>
  inTemporaryFolder(async (folder) => {
    const beginning = await siteBefore(change, join(folder, 'beginning'));
    const before = beginning.contents();
    const log = join(folder, 'calls');
    const undisturbed = copyOf(beginning, join(folder, 'undisturbed'));
    const { exit, stderr } = await undisturbed.run('apply', ['--yes', ...change.apply], { under: noting(log) });
    assert.is(exit, 0, stderr);
    assert.equal(faultsAtRest(undisturbed, change, before), []);
    await body({
      calls: callsIn(log, undisturbed.root),
      async trial(lane, tryIt) {
        const place = join(folder, `${lane}`);
        const site = copyOf(beginning, place);
        const value = await tryIt({ site, log: join(place, 'calls'), before });
        rmSync(place, { recursive: true });
        return value;
      },
    });
  });

const judge = (faults: readonly string[], what: string): void => assert.equal(faults, [], what);

/** Of the trials since the last figures; a trial that finds anything bad has ended its test. */
function tell(text: (figures: typeof totals) => string): void {
  printFigure('P2', `${text(totals)}, after ${totals.unfinished} of them something was left to complete or to clear away: 0 bad`);
  for (const name of Object.keys(totals) as readonly (keyof typeof totals)[]) totals[name] = 0;
}

/** Kills a run before the nth call of a name; false where the run has fewer and came to its end. */
async function killAt({ site, log, before }: Trial, change: SiteChange, name: CallName, nth: number): Promise<boolean> {
  const { exit, signal, stderr } = await site.run('apply', ['--yes', ...change.apply], {
    under: disturbing(log, name, nth, 'signal=KILL'),
  });
  if (exit === 0) return false;
  const what = `killed before ${name} number ${nth}: ${lastCallIn(log)}`;
  assert.ok(signal === 'SIGKILL' || exit === 137, `${what}: it ended with ${exit ?? signal}, ${stderr}`);
  totals.kills += 1;
  if (name !== 'openat' || lastCallIn(log).includes('O_CREAT')) totals.atChanges += 1;
  judge(brokenFiles(site, before), `${what}, at once`);
  if (site.leftovers().length > 0) totals.unfinished += 1;
  else judge(tornPairs(site), `${what}, with nothing left to be completed`);
  judge(await faultsAfterNextStart(site, change, before), `${what}, after the next start`);
  return true;
}

for (const change of siteChanges) {
  const { name, apply } = change;
  if (!needs('strace')) continue;

  test(`${name}: killed before any call that changes the disk, it is old or new after the next start`, () =>
    trialsOf(change, async ({ calls, trial }) => {
      const changing = calls.filter((call) => call.changes);
      assert.ok(changing.length > 30, `only ${changing.length} calls were seen`);
      if (isTorture) {
        // Not only where this one run changed something: every call, until a run comes to its end undisturbed.
        const kinds = changingCalls.filter((kind) => calls.some((call) => call.name === kind));
        await inLanes(kinds, async (kind, lane) => {
          let nth = 1;
          while (await trial(lane, (one) => killAt(one, change, kind, nth))) nth += 1;
        });
      } else
        await inLanes(spread(changing, extent.killsPerChange), async ({ name: call, nth }, lane) => {
          assert.ok(await trial(lane, (one) => killAt(one, change, call, nth)), `${call} number ${nth}: not killed`);
        });
      tell(({ kills, atChanges }) => `${name}: ${kills} kills before system calls, ${atChanges} of them before one that changes something`);
    }));

  test(`${name}: where such a call fails, nothing is torn, and it is said`, () =>
    trialsOf(change, async ({ calls, trial }) => {
      const failing = calls.filter((call) => call.changes).flatMap((call) => ['ENOSPC', 'EIO'].map((errno) => ({ ...call, errno })));
      await inLanes(spread(failing, extent.errorsPerChange), ({ name: call, nth, errno }, lane) =>
        trial(lane, async ({ site, log, before }) => {
          const ended = await site.run('apply', ['--yes', ...apply], { under: disturbing(log, call, nth, `error=${errno}`) });
          const what = `${errno} at ${call} number ${nth}`;
          totals.errors += 1;
          judge(brokenFiles(site, before), `${what}, at once`);
          if (ended.exit !== 0) {
            if (failedAChange(log, call, site.root)) assert.match(ended.stdout + ended.stderr, errno, `${what}: not said`);
          } else assert.is(outcomeOf(site, before), 'new', `${what}: exit 0, and yet nothing was changed`);
          if (site.leftovers().length > 0) totals.unfinished += 1;
          judge(await faultsAfterNextStart(site, change, before), `${what}, after the next start`);
        }),
      );
      tell(({ errors }) => `${name}: ${errors} failed calls`);
    }));
}

/** A site that is changed again and again, each run killed at another moment; whatever is left is completed before it goes on. */
async function killAgainAndAgain(folder: string, change: SiteChange, kills: number, seed: number): Promise<void> {
  const site = await siteBefore(change, folder);
  const throwDice = dice(seed);
  let usual = 0;
  for (let round = 0; round < kills; round += 1) {
    const before = site.contents();
    if (round % 50 === 0) {
      // How long a run takes here and now, from its start and from its first word, which it says just before it issues.
      const whole = await site.run('apply', ['--yes', ...change.apply]);
      assert.is(whole.exit, 0, whole.stderr + whole.stdout);
      usual = whole.milliseconds;
      judge(faultsAtRest(site, change, before), 'not killed');
    }
    const now = site.contents();
    const [moment, fromOutput] = [throwDice(), throwDice() < 0.5];
    await site.run('apply', ['--yes', ...change.apply], {
      started(kill, firstOutput) {
        if (fromOutput) void firstOutput.then(() => setTimeout(kill, moment * usual * 0.5));
        else setTimeout(kill, moment * usual * 1.05);
      },
    });
    totals.random += 1;
    judge(brokenFiles(site, now), 'killed, at once');
    if (site.leftovers().length > 0) totals.unfinished += 1;
    else judge(tornPairs(site), 'killed, with nothing left to be completed');
    if (site.leftovers().length > 0 || round % 10 === 9)
      judge(await faultsAfterNextStart(site, change, now), 'killed, after the next start');
    else judge(faultsAtRest(site, change, now), 'killed before or after everything');
  }
}

test(`killed at ${randomKills} random moments, no pair is ever torn after the next start`, () =>
  inTemporaryFolder(async (folder) => {
    const renewals = siteChanges.filter(({ renewal }) => renewal);
    await inLanes(renewals, (change, lane) =>
      killAgainAndAgain(join(folder, `${lane}`), change, Math.ceil(randomKills / renewals.length), 20_261_123 + lane),
    );
    tell(({ random }) => `${random} kills at random moments`);
  }));

test.run();
