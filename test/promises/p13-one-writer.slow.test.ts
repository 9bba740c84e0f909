/**
 * P13: one writes at a time. Many start at once over one state directory; one is stopped in the middle of its work, and nobody gets past it, whatever clock,
 * process numbers or network they have, until it is killed. How the lock itself behaves is in `node/node-lock`.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CutSite, type Ended, faultsAtRest, type SiteChange, siteBefore, siteChanges } from '../support/cut-short.ts';
import { needs, needsRoot, programPath } from '../support/needs.ts';
import { disturbing } from '../support/strace.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';
import { isTorture, printFigure } from '../support/torture.ts';

const test = suite('promises/p13-one-writer');

const many = isTorture ? 50 : 10;
/** However many come: nobody gets past a holder that does not go. */
const crowd = 49;
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

interface Owner {
  readonly pid: number;
  readonly since: string;
}

/** Where nobody has the lock, its file is empty. */
function ownerIn(path: string): Owner | undefined {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  return text.endsWith('\n') ? (JSON.parse(text) as Owner) : undefined;
}

const lockFiles = (site: CutSite): readonly string[] => ['lock', 'lock.held'].map((name) => join(site.root, 'var/lib/certstate', name));

/** A run that has taken the lock and is stopped (SIGSTOP) before its first rename, as long as the body takes; then it is killed. */
async function whileStopped(
  site: CutSite,
  { log, under }: { readonly log: string; readonly under: readonly string[] },
  body: (owner: Owner) => Promise<void>,
): Promise<void> {
  const holder = site.run('apply', ['--yes', ...firstIssue.apply], { under: [...under, ...disturbing(log, 'rename', 1, 'signal=STOP')] });
  let owner: Owner | undefined;
  for (let look = 0; look < 400 && !(owner && isStopped(owner.pid)); look += 1) {
    owner = lockFiles(site)
      .map(ownerIn)
      .find((found) => found !== undefined);
    await sleep(25);
  }
  if (!owner) throw new Error(`nobody took the lock: ${(await holder).stderr}`);
  try {
    await body(owner);
  } finally {
    process.kill(owner.pid, 'SIGKILL');
    await holder;
  }
}

/** Stopped, also under a tracer (proc(5): `T`, `t`). */
const isStopped = (pid: number): boolean => /^State:\s+T/im.test(readFileSync(`/proc/${pid}/status`, 'utf8'));

const faked = (time: string): readonly string[] => ['env', 'DONT_FAKE_MONOTONIC=1', programPath('faketime') ?? '', '-m', '-f', time];
const unshare = (...flags: readonly string[]): readonly string[] => [programPath('unshare') ?? '', ...flags, '--fork', '--kill-child'];
/** A host without the program that takes the lock of the kernel for us: nothing that can be started is at its paths. */
const withoutFlock: readonly string[] = [
  ...unshare('--mount'),
  ...['sh', '-c', 'for path in /usr/bin/flock /bin/flock; do mount --bind /dev/null $path; done; exec "$@"', 'sh'],
];

// biome-ignore format: table
const surroundings: readonly (readonly [name: string, under: () => readonly string[], possible: () => boolean])[] = [
  ['a clock forty days ahead',       () => faked('+40d'),             () => needs('faketime')],
  ['a clock forty days behind',      () => faked('-40d'),             () => needs('faketime')],
  ['process numbers of its own',     () => unshare('--pid'),          () => needsRoot() && needs('unshare')],
  ['a network of its own',           () => unshare('--net'),          () => needsRoot() && needs('unshare')],
  ['no flock',                       () => withoutFlock,              () => needsRoot() && needs('unshare')],
];

const namesOwner = ({ stderr }: Ended, { pid, since }: Owner): boolean =>
  stderr.includes('error[locked]') && stderr.includes(`pid ${pid} "certstate apply", since `) && stderr.includes(since.slice(11));

for (const [kind, under, possible] of [
  ['', () => [], () => true],
  [', without the lock of the kernel', () => withoutFlock, () => needsRoot() && needs('unshare')],
] as const)
  if (needs('strace', 'flock') && possible())
    test(`${crowd} come upon a holder that is stopped${kind}: none gets past it, from nowhere, and once it is killed the next one has the lock`, () =>
      inTemporaryFolder(async (folder) => {
        const site = await siteBefore(firstIssue, folder);
        const before = site.contents();
        const apply = (timeout: string, around: readonly string[]): Promise<Ended> =>
          site.run('apply', ['--yes', '--lock-timeout', timeout, ...firstIssue.apply], { under: around });
        await whileStopped(site, { log: join(folder, 'calls'), under: under() }, async (owner) => {
          const refused = await Promise.all(Array.from({ length: kind === '' ? crowd : 5 }, () => apply('0s', under())));
          for (const one of refused) assert.ok(one.exit === 23 && namesOwner(one, owner), `exit ${one.exit}: ${one.stderr}`);
          const alone = await apply('0s', under());
          assert.is(alone.exit, 23);
          assert.ok(alone.milliseconds < 2_000, `refused after ${alone.milliseconds} ms`);
          const patient = await apply('2s', under());
          assert.is(patient.exit, 23, 'a stopped holder was overtaken');
          assert.match(patient.stderr, `waiting for `);
          for (const [name, around, isPossible] of surroundings) {
            if (!isPossible()) continue;
            const { exit, stderr } = await apply('0s', around());
            assert.is(exit, 23, `${name}: exit ${exit}, ${stderr}`);
          }
          assert.equal(site.contents(), before, 'something was written beside the holder');
        });
        const killed = performance.now();
        // It does not wait for the lock: it is free at once.
        const next = await apply('0s', under());
        assert.is(next.exit, 0, next.stderr);
        const took = performance.now() - killed;
        assert.equal(faultsAtRest(site, firstIssue, before), []);
        assert.equal(lockFiles(site).map(ownerIn), [undefined, undefined], 'the lock was not given up');
        if (kind !== '') assert.match(next.stderr, /took over the lock of .*: its process is gone/);
        printFigure(
          'P13',
          `a holder stopped${kind}: all who came got exit 23 and its name; killed, the next one was done after ${Math.round(took)} ms without waiting`,
        );
      }));

test.run();
