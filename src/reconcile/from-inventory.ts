/** What is to be known of a plan that is made from an inventory, beside the plan: whose records they are, and what had to be taken on trust. */
import { posix } from 'node:path';
import type { Diagnostic } from '../domain/diagnostic.ts';
import type { Inventory } from '../domain/inventory.ts';
import type { Records } from '../domain/records.ts';
import { days, formatInstant, type Instant, later } from '../domain/time.ts';
import type { InventorySight } from '../observe/from-inventory.ts';
import { clockTolerance } from '../plan/defaults.ts';
import { shortLength } from '../report/relative-time.ts';

/** What was read there by its `-f` is what is read here by ours: what neither names any longer is forgotten. */
export const recordsHere = ({ from, records }: Inventory, here: readonly string[]): Records => {
  const there = [...from].sort().join('\n');
  const source = (of: readonly string[]) => ([...of].sort().join('\n') === there ? here : of);
  return {
    ...records,
    manifest: new Map([...records.manifest].map(([address, entry]) => [address, { ...entry, source: source(entry.source) }])),
  };
};

/** Older than this an inventory is warned of. */
const mostAge = days(1);

/** What is to be known of a plan that was made from an inventory: what the host had to say, how old it is, and what had to be assumed. */
export function inventoryWarnings(
  inventory: Inventory,
  sight: Pick<InventorySight, 'assumedAbsent' | 'assumedUnmounted'>,
  now: Instant,
): readonly Diagnostic[] {
  const folders = new Map<string, string[]>();
  for (const path of sight.assumedAbsent) folders.set(posix.dirname(path), [...(folders.get(posix.dirname(path)) ?? []), path]);
  return [
    ...inventory.warnings,
    ...ageWarnings(inventory, now),
    ...[...folders].map(([folder, paths]) =>
      assumption(`${paths.join(', ')} ${paths.length === 1 ? 'is' : 'are'} taken as absent: the inventory knows nothing of ${folder}`),
    ),
    ...[...sight.assumedUnmounted].map((folder) => assumption(`${folder} is taken as not mounted: the inventory knows nothing of it`)),
  ];
}

function ageWarnings({ host, takenAt }: Inventory, now: Instant): readonly Diagnostic[] {
  if (takenAt > later(now, clockTolerance))
    return [
      {
        code: 'inventory-from-future',
        severity: 'warning',
        message: `the inventory of ${host.name} was taken at ${formatInstant(takenAt)}, after the time by which it is judged, ${formatInstant(now)}`,
        hint: 'set the clock that is wrong; with --now it is judged by the time given',
      },
    ];
  if (now <= later(takenAt, mostAge)) return [];
  return [
    {
      code: 'inventory-old',
      severity: 'warning',
      message: `the inventory of ${host.name} is ${shortLength(now - takenAt)} old, taken at ${formatInstant(takenAt)}`,
      hint: `take it again on ${host.name}: certstate status --json`,
    },
  ];
}

const assumption = (message: string): Diagnostic => ({
  code: 'assumed-absent',
  severity: 'warning',
  message,
  hint: 'apply --expect makes the plan again on the host, and refuses it if that is wrong there',
});
