/**
 * P3: what P2 shows for a killed program holds when the power goes, on real file systems. Each trial: a fresh site on an image of its own, a change that is
 * killed before one of its system calls (or comes to its end), the file system cut off at once without writing anything more (FS_IOC_SHUTDOWN), mounted
 * again, looked at, and started again.
 *
 * Needs root, mkfs and the right to mount, so it is part of `npm run torture` and not of `npm test`. CERTSTATE_TRIALS is the number for each file system.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import {
  brokenFiles,
  type CutSite,
  copyOf,
  faultsAfterNextStart,
  outcomeOf,
  type SiteChange,
  siteBefore,
  siteChanges,
  tornPairs,
} from '../../test/support/cut-short.ts';
import { needs } from '../../test/support/needs.ts';
import { type Call, callsIn, disturbing, noting } from '../../test/support/strace.ts';
import { inTemporaryFolder } from '../../test/support/temporary-folder.ts';
import { printFigure } from '../../test/support/torture.ts';
import { inLanes } from '../../test/support/turns.ts';

const trialsWanted = Number(process.env['CERTSTATE_TRIALS'] ?? 1_000);

const fileSystems = [
  { name: 'ext4', bytes: 48e6, mkfs: ['mkfs.ext4', '-q', '-F'], from: 'e2fsprogs' },
  { name: 'xfs', bytes: 320e6, mkfs: ['mkfs.xfs', '-q', '-f'], from: 'xfsprogs' },
] as const;
type Kind = (typeof fileSystems)[number];

const env = { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin:/sbin` };
const succeeds = (file: string, ...args: readonly string[]): boolean => spawnSync(file, args, { env, stdio: 'ignore' }).status === 0;

function must(file: string, ...args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(file, args, { env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${file} ${args.join(' ')}: ${error?.message ?? stderr}`);
}

/** FS_IOC_SHUTDOWN with FS_SHUTDOWN_FLAGS_NOLOGFLUSH: from here on nothing reaches the disk, the log of the file system neither. */
const cutters = [
  ['perl', '-e', `open(my $folder, '<', $ARGV[0]) or exit 1; my $flags = pack('L', 2); exit(ioctl($folder, 0x8004587d, $flags) ? 0 : 1)`],
  ['python3', '-c', 'import fcntl, os, struct, sys; fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), 0x8004587d, struct.pack("I", 2))'],
] as const;

function cutPower(mountPoint: string): void {
  if (!cutters.some(([file, ...args]) => succeeds(file, ...args, mountPoint)))
    throw new Error('the file system could not be cut off: that takes perl or python3, and a kernel that can');
}

interface Tally {
  trials: number;
  reported: number;
  completed: number;
  readonly bad: string[];
}

interface Image {
  readonly mount: () => void;
  readonly unmount: () => void;
  readonly folder: string;
}

function imageOf({ name, bytes, mkfs: [mkfs, ...flags] }: Kind, folder: string): Image {
  const [file, mountPoint] = [join(folder, `${name}.image`), join(folder, name)];
  writeFileSync(file, '');
  truncateSync(file, bytes);
  mkdirSync(mountPoint);
  must(mkfs, ...flags, file);
  return { mount: () => must('mount', '-o', 'loop', file, mountPoint), unmount: () => must('umount', mountPoint), folder: mountPoint };
}

/** One loss of power; where `call` is undefined, right after the program has reported success. */
async function lose(
  image: Image,
  change: SiteChange,
  beginning: CutSite,
  call: Call | undefined,
  log: string,
  tally: Tally,
): Promise<void> {
  const before = beginning.contents();
  const site = copyOf(beginning, join(image.folder, 'site'));
  must('sync', '-f', image.folder);
  const under = call ? disturbing(log, call.name, call.nth, 'signal=KILL') : [];
  const { exit } = await site.run('apply', ['--yes', ...change.apply], { under });
  cutPower(image.folder);
  image.unmount();
  image.mount();
  const what = `${change.name}, ${call ? `before ${call.name} number ${call.nth}` : 'after its end'}`;
  const note = (faults: readonly string[]): void => void tally.bad.push(...faults.map((fault) => `${what}: ${fault}`));
  tally.trials += 1;
  note(brokenFiles(site, before));
  if (site.leftovers().length > 0) tally.completed += 1;
  else note(tornPairs(site));
  if (exit === 0) {
    tally.reported += 1;
    if (outcomeOf(site, before) !== 'new') note(['success was reported, and the old pair is back']);
  }
  note(await faultsAfterNextStart(site, change, before));
}

async function tortureOn(kind: Kind, folder: string): Promise<Tally> {
  const tally: Tally = { trials: 0, reported: 0, completed: 0, bad: [] };
  const image = imageOf(kind, folder);
  const log = join(folder, `${kind.name}.calls`);
  const plans = await Promise.all(
    siteChanges.map(async (change, index) => {
      const beginning = await siteBefore(change, join(folder, `${kind.name}-${index}`));
      const undisturbed = copyOf(beginning, join(folder, `${kind.name}-${index}-undisturbed`));
      await undisturbed.run('apply', ['--yes', ...change.apply], { under: noting(`${log}-${index}`) });
      const calls = callsIn(`${log}-${index}`, undisturbed.root).filter(({ changes }) => changes);
      return [...calls, undefined].map((call) => ({ change, beginning, call }));
    }),
  );
  const points = plans.flat();
  image.mount();
  try {
    // With fewer trials than points, points from all over.
    const step = Math.max(1, points.length / trialsWanted);
    for (let trial = 0; trial < trialsWanted; trial += 1) {
      const { change, beginning, call } = points[Math.floor(trial * step) % points.length] as (typeof points)[number];
      await lose(image, change, beginning, call, log, tally);
    }
  } finally {
    image.unmount();
  }
  process.stdout.write(`${kind.name}: ${points.length} points of ${siteChanges.length} changes\n`);
  return tally;
}

async function main(): Promise<void> {
  if (process.getuid?.() !== 0) return void process.stdout.write('skipped: P3 needs root rights\n');
  if (!needs('strace')) return;
  const here = fileSystems.filter(({ name, mkfs: [mkfs], from }) => {
    const found = succeeds(mkfs, '-V');
    if (!found) process.stdout.write(`skipped: ${name} needs ${mkfs} (Debian: ${from})\n`);
    return found;
  });
  await inTemporaryFolder((folder) =>
    inLanes(here, async (kind) => {
      const { trials, reported, completed, bad } = await tortureOn(kind, folder);
      printFigure(
        'P3',
        `${kind.name}: ${trials} losses of power, ${completed} left a change to complete, ${reported} after success was reported; ${bad.length} bad`,
      );
      for (const fault of bad.slice(0, 20)) process.stdout.write(`  ${fault}\n`);
      if (bad.length > 0) process.exitCode = 1;
      rmSync(join(folder, kind.name), { recursive: true, force: true });
    }),
  );
}

await main();
