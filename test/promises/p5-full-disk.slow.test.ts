/**
 * P5, the disk being full: the program as it is shipped on a small file system of its own, with everything it writes (the files, the journal, the records, the
 * lock) on it, and from nothing to 64 kB left. Whatever it comes to, no file is damaged, no pair is torn, what failed is said; and once there is room again, the
 * next apply makes it good.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  brokenFiles,
  copyOf,
  faultsAfterNextStart,
  faultsAtRest,
  outcomeOf,
  siteBefore,
  siteChanges,
  tornPairs,
} from '../support/cut-short.ts';
import { needsRoot, skippedTests } from '../support/needs.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';
import { isTorture, printFigure } from '../support/torture.ts';

const test = suite('promises/p5-full-disk');

const most = 64 * 1024;
/** In memory room is given in pages of 4 kB; between two multiples of them nothing new happens, and yet it is tried. */
const step = isTorture ? 512 : 4096;

/** Gives the body a small file system of its own in memory, where we may mount one. */
async function onTmpfs(body: (folder: string) => Promise<void>): Promise<void> {
  await inTemporaryFolder(async (folder) => {
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]).status !== 0) {
      skippedTests.push('needs the right to mount');
      process.stdout.write('skipped: needs the right to mount\n');
      return;
    }
    try {
      await body(folder);
    } finally {
      execFileSync('umount', [folder]);
    }
  });
}

const roomIn = (folder: string): number => {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
};

if (needsRoot())
  for (const change of siteChanges)
    test(`${change.name}, with 0 to 64 kB left for everything: whole or not at all, and what failed is said`, () =>
      inTemporaryFolder((elsewhere) =>
        onTmpfs(async (folder) => {
          const beginning = await siteBefore(change, join(elsewhere, 'beginning'));
          const before = beginning.contents();
          const tally = { runs: 0, old: 0, new: 0, unfinished: 0 };
          for (let free = 0; free <= most; free += step) {
            const site = copyOf(beginning, join(folder, 'site'));
            const filler = join(folder, 'filler');
            writeFileSync(filler, Buffer.alloc(Math.max(0, roomIn(folder) - free)));
            const ended = await site.run('apply', ['--yes', ...change.apply]);
            const what = `${free} bytes free`;
            tally.runs += 1;
            assert.equal(brokenFiles(site, before), [], `${what}, at once`);
            const outcome = outcomeOf(site, before);
            tally[outcome] += 1;
            if (ended.exit === 0) assert.is(outcome, 'new', `${what}: success, and nothing has changed`);
            else assert.match(ended.stdout + ended.stderr, 'ENOSPC', `${what}: exit ${ended.exit}, and not said why`);
            if (site.leftovers().length > 0) tally.unfinished += 1;
            else assert.equal([...tornPairs(site), ...faultsAtRest(site, change, before)], [], what);
            rmSync(filler);
            assert.equal(await faultsAfterNextStart(site, change, before), [], `${what}, and then room again`);
            rmSync(join(folder, 'site'), { recursive: true });
          }
          assert.ok(tally.old > 0 && tally.new > 0, `nothing was tried: ${JSON.stringify(tally)}`);
          printFigure(
            'P5',
            `${change.name} on a tmpfs at ${tally.runs} free sizes from 0 to 64 kB: ${tally.old} old, ${tally.new} new, ${tally.unfinished} of them completed by the next apply; 0 torn, 0 silent`,
          );
        }),
      ));

test.run();
