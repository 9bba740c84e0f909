/** What is remembered after an apply. */
import type { DesiredResource, DesiredState } from '../domain/desired-state.ts';
import { filesOf } from '../domain/desired-state.ts';
import type { Address } from '../domain/names.ts';
import type { Outcome, ResourceOutcome } from '../domain/outcome.ts';
import type { Plan } from '../domain/plan.ts';
import type { ManifestEntry, Records } from '../domain/records.ts';
import { earliest, type Instant, latest } from '../domain/time.ts';

export interface RecordsUpdate {
  readonly desired: DesiredState;
  readonly plan: Plan;
  readonly outcome: Outcome;
  /** Hash over the meaning of a desired resource. */
  readonly hashOf: (resource: DesiredResource) => string;
  readonly now: Instant;
  /** The clock was behind what was remembered, and a person has said that it is right. */
  readonly acceptClock: boolean;
}

/** Entries for what was published or found in order; what the YAML no longer names is forgotten; a failed or blocked resource keeps its entry. */
export function updateRecords(records: Records, { desired, plan, outcome, hashOf, now, acceptClock }: RecordsUpdate): Records {
  const manifest = new Map(records.manifest);
  const results = new Map<Address, ResourceOutcome>(outcome.resources.map((resource) => [resource.address, resource]));
  const resources = new Map<Address, DesiredResource>(desired.resources.map((resource) => [resource.address, resource]));
  let highWater = acceptClock && records.highWater !== null ? earliest(now, records.highWater) : records.highWater;
  for (const change of plan.changes) {
    const resource = resources.get(change.address);
    const result = results.get(change.address);
    if (change.action === 'forget') manifest.delete(change.address);
    if (!resource || resource.manage === 'observe' || change.blocked) continue;
    const known = manifest.get(change.address);
    if (change.action !== 'noop' && result?.result !== 'done') continue;
    if (change.action === 'noop' && change.before === null) continue;
    const published = result?.result === 'done' ? result : undefined;
    // Only what is issued is dated by this clock. A mode that is mended while the clock is ahead must not make that the right time.
    if (published?.published && change.material?.certificate.from === 'issue') highWater = latest(now, highWater ?? now);
    const entry = entryFor(resource, desired.from, hashOf(resource), known, published, now, change.before?.key?.spkiSha256 ?? null);
    if (!known || !sameEntry(known, entry)) manifest.set(change.address, entry);
  }
  return { manifest, highWater };
}

type Done = Extract<ResourceOutcome, { result: 'done' }>;

function entryFor(
  resource: DesiredResource,
  source: readonly string[],
  desired: string,
  known: ManifestEntry | undefined,
  done: Done | undefined,
  now: Instant,
  spkiBefore: string | null,
): ManifestEntry {
  const paths = filesOf(resource).map(({ path }) => path);
  const written = Object.fromEntries(Object.entries({ ...known?.written, ...done?.written }).filter(([path]) => paths.includes(path)));
  return {
    address: resource.address,
    source,
    paths,
    spkiSha256: done?.published?.spkiSha256 ?? spkiBefore ?? known?.spkiSha256 ?? null,
    written,
    desired,
    protect: resource.protect ?? resource.kind === 'ca',
    issuedFor: done && done.action !== 'fix' ? [...new Set(done.change.differences.map(({ code }) => code))] : known?.issuedFor,
    appliedAt: now,
  };
}

/** The time alone is no news: a pass that changed nothing writes nothing. */
const sameEntry = (left: ManifestEntry, right: ManifestEntry): boolean =>
  JSON.stringify({ ...left, appliedAt: 0 }) === JSON.stringify({ ...right, appliedAt: 0 });

export interface RestoredRecord {
  readonly address: Address;
  /** Hash of the content of each path that was put back. */
  readonly written: Readonly<Record<string, string>>;
  readonly spkiSha256: string | null;
}

/** What was put back is what we wrote last. The hash of the desired resource stays: the YAML has not changed, the disk has. */
export function recordsAfterRestore(records: Records, restored: readonly RestoredRecord[], now: Instant): Records {
  const manifest = new Map(records.manifest);
  for (const { address, written, spkiSha256 } of restored) {
    const known = manifest.get(address);
    if (known) manifest.set(address, { ...known, written: { ...known.written, ...written }, spkiSha256, issuedFor: [], appliedAt: now });
  }
  return { ...records, manifest };
}
