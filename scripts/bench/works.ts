/** What is measured, and what each figure is compared with. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../prepare.mjs';
import { byTurns, type Spread, spreadOf } from './measure.ts';
import { runNode, runNodeForMemory } from './run.ts';
import { writeDesiredState, writeSites } from './sample.ts';
import { installedTools, issueWith, noteOn, prepareTool } from './tools.ts';
import type { Workplace } from './workplace.ts';

export interface Row {
  readonly work: string;
  readonly unit: 'ms' | 'MB';
  readonly ours: Spread;
  readonly other: { readonly name: string; readonly spread: Spread; readonly note?: string };
  /** The most that ours may be, as a multiple of the other; absent where nothing was promised. */
  readonly atMost?: number;
}

export interface Extent {
  readonly rounds: { readonly start: number; readonly observe: number; readonly apply: number; readonly watch: number };
  readonly pairs: readonly number[];
  /** Among how many pairs watching is measured, the fewest first. */
  readonly watched: readonly number[];
  readonly applied: number;
  /** Certificates a tool makes in one round. */
  readonly byTool: number;
}

export const extents = {
  full: {
    rounds: { start: 21, observe: 3, apply: 3, watch: 50 },
    pairs: [1_000, 10_000],
    watched: [100, 1_000, 10_000],
    applied: 1_000,
    byTool: 20,
  },
  quick: { rounds: { start: 7, observe: 3, apply: 2, watch: 15 }, pairs: [1_000], watched: [100, 1_000], applied: 200, byTool: 5 },
} as const satisfies Record<string, Extent>;

const etcd = join(repository, 'desired-state', 'starlingx-etcd.yaml');
const millisecondsIn = (stdout: string): number => (JSON.parse(stdout) as { readonly ms: number }).ms;
const inRoot = (root: string, folder: string): readonly string[] => ['-f', folder, '--root', root];

/** The whole process, as a shell sees it. */
export function startUp({ program, librariesFloor, path }: Workplace, { rounds }: Extent): readonly Row[] {
  const root = path('etcd');
  runNode([program, 'apply', ...inRoot(root, etcd), '--yes', '--confirm', 'ca/etcd']);
  const took =
    (...args: readonly string[]) =>
    () =>
      runNode(args).ms;
  const sites = writeSites(path('sites'), 100);
  const { node, libraries, site, ...ours } = byTurns(rounds.start, {
    node: took('-e', '0'),
    libraries: took(librariesFloor, etcd),
    version: took(program, '--version'),
    validate: took(program, 'validate', etcd),
    site: took(program, 'validate', ...sites.slice(0, 1)),
    sites: took(program, 'validate', ...sites),
    keyless: took(program, 'validate', '--no-keys', ...sites),
    plan: took(program, 'plan', ...inRoot(root, etcd), '--exit-code'),
  });
  const other = { name: 'node -e 0', spread: node };
  return [
    { work: 'certstate --version', unit: 'ms', ours: ours.version, other, atMost: 1.3 },
    { work: 'certstate validate, the etcd file', unit: 'ms', ours: ours.validate, other, atMost: 1.6 },
    {
      work: 'certstate validate, the etcd file',
      unit: 'ms',
      ours: ours.validate,
      other: { name: 'commander and yaml alone', spread: libraries },
    },
    { work: 'certstate validate, 100 files', unit: 'ms', ours: ours.sites, other: { name: 'one of them', spread: site }, atMost: 3 },
    { work: 'certstate validate --no-keys, 100 files', unit: 'ms', ours: ours.keyless, other },
    { work: 'certstate plan, 4 resources in order', unit: 'ms', ours: ours.plan, other, atMost: 2 },
  ];
}

/** ECDSA pairs that are in order, every hash, key and signature verified. */
export function observing(place: Workplace, { rounds, pairs }: Extent): readonly Row[] {
  const perPair = new Map<number, Spread>();
  const rows = pairs.flatMap((count): readonly Row[] => {
    const [folder, root] = [writeDesiredState(place.path(`yaml-${count}`), count), place.path(`root-${count}`)];
    runNode([place.layOutPairs, folder, root]);
    const files = join(root, 'pki');
    const observedFromKept = () => observedInOrder(runNode([place.observeAndPlan, folder, root, 'kept']).stdout);
    observedFromKept();
    const { ours, again, floor, read } = byTurns(rounds.observe, {
      ours: () => observedInOrder(runNode([place.observeAndPlan, folder, root]).stdout),
      again: observedFromKept,
      floor: () => millisecondsIn(runNode([place.floor('observe'), files, `${count}`]).stdout),
      read: () => millisecondsIn(runNode([place.floor('read'), files, `${count}`]).stdout),
    });
    perPair.set(count, spreadOf([ours.median / count]));
    const command = runNodeForMemory([place.program, 'plan', ...inRoot(root, folder), '--exit-code', '--summary'], place.folder);
    const name = count.toLocaleString('en');
    return [
      { work: `observe and plan ${name} pairs`, unit: 'ms', ours, other: { name: 'Node’s own calls', spread: floor }, atMost: 1.5 },
      { work: `observe and plan ${name} pairs`, unit: 'ms', ours, other: { name: 'reading and hashing alone', spread: read } },
      {
        work: `the same again, contents unchanged, ${name} pairs`,
        unit: 'ms',
        ours: again,
        other: { name: 'reading and hashing alone', spread: read },
        atMost: 1.5,
      },
      {
        work: `certstate plan, ${name} pairs, whole`,
        unit: 'ms',
        ours: spreadOf([command.ms]),
        other: { name: 'Node’s own calls', spread: floor },
      },
      {
        work: `certstate plan, ${name} pairs, memory`,
        unit: 'MB',
        ours: spreadOf([command.megabytes]),
        other: { name: 'the limit', spread: spreadOf([200]) },
        atMost: 1,
      },
    ];
  });
  const [few, many] = pairs.map((count) => perPair.get(count));
  if (!few || !many) return rows;
  return [
    ...rows,
    {
      work: `one pair among ${pairs[1]?.toLocaleString('en')}`,
      unit: 'ms',
      ours: many,
      other: { name: `among ${pairs[0]?.toLocaleString('en')}`, spread: few },
      atMost: 1.2,
    },
  ];
}

function observedInOrder(stdout: string): number {
  const { ms, changes } = JSON.parse(stdout) as { readonly ms: number; readonly changes: number };
  if (changes > 0) throw new Error(`${changes} of the pairs are not in order`);
  return ms;
}

/** New ECDSA pairs under an authority that is there; milliseconds for each. */
export function issuing(
  place: Workplace,
  { rounds, applied, byTool }: Extent,
): { readonly rows: readonly Row[]; readonly missing: readonly string[] } {
  const { installed, missing } = installedTools();
  const yaml = writeDesiredState(place.path('yaml-apply'), applied);
  const homes = new Map(installed.map((name) => [name, newFolder(place, name)]));
  for (const [name, home] of homes) prepareTool(name, home);
  const spreads = byTurns(rounds.apply, {
    ours: () => applyNew(place, yaml) / applied,
    floor: () => inNewFolder(place, (folder) => millisecondsIn(runNode([place.floor('issue'), folder, `${applied}`]).stdout) / applied),
    ...Object.fromEntries([...homes].map(([name, home]) => [name, () => issueWith(name, home, byTool)] as const)),
  } as Readonly<Record<string, () => number>>);
  const ours = spreads['ours'] ?? spreadOf([]);
  const against = (name: string, spread: Spread | undefined, atMost: number | undefined, note?: string): Row => ({
    work: `apply ${applied.toLocaleString('en')} new pairs, each`,
    unit: 'ms',
    ours,
    other: { name, spread: spread ?? spreadOf([]), ...(note !== undefined && { note }) },
    ...(atMost !== undefined && { atMost }),
  });
  return {
    rows: [
      against('Node’s own calls, flushed', spreads['floor'], undefined),
      ...installed.map((name) => against(name, spreads[name], 1, noteOn(name))),
    ],
    missing,
  };
}

function applyNew(place: Workplace, yaml: string): number {
  return inNewFolder(place, (root) => {
    const apply = [place.program, 'apply', ...inRoot(root, yaml), '--yes'];
    runNode([...apply, '--target', 'ca/bench', '--confirm', 'ca/bench']);
    return runNode(apply).ms;
  });
}

const newFolder = ({ folder }: Workplace, name: string): string => mkdtempSync(join(folder, `${name}-`));

function inNewFolder<Value>(place: Workplace, body: (folder: string) => Value): Value {
  const folder = newFolder(place, 'run');
  mkdirSync(folder, { recursive: true });
  try {
    return body(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
