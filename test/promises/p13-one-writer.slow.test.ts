/** P13: one writes at a time. Many start at once over one state directory; how the lock itself behaves is in `node/node-lock`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Ended, faultsAtRest, type SiteChange, siteBefore, siteChanges } from '../support/cut-short.ts';
import { needs } from '../support/needs.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';
import { isTorture, printFigure } from '../support/torture.ts';

const test = suite('promises/p13-one-writer');

const many = isTorture ? 50 : 10;
const firstIssue = siteChanges[0] as SiteChange;

/** All of them at once on a new site; tells how each ended, and how often something was issued. */
const allAtOnce = (timeout: string, judge: (ended: readonly Ended[], issued: number) => void): Promise<void> =>
  inTemporaryFolder(async (folder) => {
    const site = await siteBefore(firstIssue, folder);
    const before = site.contents();
    const ended = await Promise.all(
      Array.from({ length: many }, () => site.run('apply', ['--yes', '--lock-timeout', timeout, ...firstIssue.apply])),
    );
    const issued = readFileSync(join(site.root, 'var/lib/certstate/ledger.jsonl'), 'utf8').trim().split('\n').length;
    assert.equal(faultsAtRest(site, firstIssue, before), []);
    judge(ended, issued);
  });

const withExit = (ended: readonly Ended[], exit: number): number => ended.filter((one) => one.exit === exit).length;
const others = (ended: readonly Ended[]): readonly string[] =>
  ended.filter(({ exit }) => exit !== 0 && exit !== 23).map(({ stderr }) => stderr);

if (needs('flock')) {
  test(`${many} at once that do not wait: one issues, and whoever comes upon it says who holds the lock`, () =>
    allAtOnce('0s', (ended, issued) => {
      assert.equal(others(ended), []);
      assert.is(issued, 2, 'the authority and the certificate, once each');
      // Whoever looks after the first is done has nothing to do: on a slow machine that may be all others.
      const [done, locked] = [withExit(ended, 0), withExit(ended, 23)];
      assert.ok(done >= 1 && done + locked === many, `${done} done, ${locked} locked`);
      for (const { exit, stderr } of ended) if (exit === 23) assert.match(stderr, 'locked');
      printFigure('P13', `${many} at once without waiting: ${done} ended with 0, ${locked} with 23, one of them issued`);
    }));

  test(`${many} at once that wait: all succeed, and one issues`, () =>
    allAtOnce('120s', (ended, issued) => {
      assert.equal(others(ended), []);
      assert.is(withExit(ended, 0), many);
      assert.is(issued, 2);
      printFigure('P13', `${many} at once that wait: all ended with 0, one of them issued`);
    }));
}

test.run();
