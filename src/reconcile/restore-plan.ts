/** Which generations a restore puts back, judged as if they were on disk already. Writes nothing. */
import { createHash } from 'node:crypto';
import { type DesiredFile, type DesiredResource, filesOf } from '../domain/desired-state.ts';
import type { Diagnostic } from '../domain/diagnostic.ts';
import type { Address } from '../domain/names.ts';
import type { ObservedFile, ObservedState } from '../domain/observed-state.ts';
import type { Change } from '../domain/plan.ts';
import type { Restoration, RestoredFile, RestorePlan } from '../domain/restoration.ts';
import type { Instant } from '../domain/time.ts';
import { observe } from '../observe/observe.ts';
import { widestMode } from '../plan/defaults.ts';
import { makePlan } from '../plan/make-plan.ts';
import { type Generation, generationsOf } from '../store-files/generations.ts';
import type { Environment, Scope } from './environment.ts';
import { readHistory } from './history.ts';
import { overlayReader } from './overlay-reader.ts';
import type { PlanPass } from './plan-pass.ts';

interface Chosen {
  readonly resource: DesiredResource;
  readonly generation: Generation;
  readonly files: readonly RestoredFile[];
}

export interface RestoreWish {
  /** One resource; else everything the last plan that was carried out has changed. */
  readonly address: Address | undefined;
  readonly now: Instant;
}

export async function restorePlan(environment: Environment, scope: Scope, pass: PlanPass, wish: RestoreWish): Promise<RestorePlan> {
  const { reader, accounts, process } = environment;
  const { desired, observed, records, plan, options } = pass;
  const refusals: Diagnostic[] = [];
  const chosen = wantedOf(environment, scope, pass, wish.address, refusals).flatMap(([address, generation]) => {
    const resource = desired.resources.find((one) => one.address === address);
    const refusal = resource ? refusalOf(resource, generation, observed, environment) : notDesired(address);
    if (refusal) refusals.push({ ...refusal, address });
    return resource && !refusal ? [{ resource, generation, files: filesFor(resource, generation, observed) }] : [];
  });
  const shown = new Map(
    chosen.flatMap(({ files }) => files.map(({ path, keptAt, ...rest }) => [path, { ...rest, contentOf: keptAt }] as const)),
  );
  const after = await observe({ desired, reader: overlayReader(reader, shown), accounts, root: scope.root, process });
  const next = makePlan({
    desired,
    observed: after,
    records: records.records,
    options: { ...options, renew: [], rekey: [] },
    now: wish.now,
  });
  const items = chosen.flatMap((one): readonly Restoration[] => {
    const [before, then] = [plan, next].map(({ changes }) => changes.find(({ address }) => address === one.resource.address));
    const summary = then?.before;
    const torn = !then || !summary || then.differences.some(({ code }) => code === 'key-mismatch');
    if (torn) refusals.push({ ...notAPair(one), address: one.resource.address });
    return torn ? [] : [restoration(one, before, { ...then, before: summary }, options.confirm, orphansOf(one, pass, next.changes))];
  });
  return { id: idOf(items), items, refusals };
}

/** Addresses with the generation each goes back to. */
function wantedOf(
  { reader }: Environment,
  scope: Scope,
  { desired }: PlanPass,
  address: Address | undefined,
  refusals: Diagnostic[],
): readonly (readonly [Address, Generation])[] {
  const missing = (wanted: Address) => {
    refusals.push(
      nothingKept(
        wanted,
        desired.resources.flatMap((one) => (generationsOf(reader, scope, one.address).length > 0 ? [one.address] : [])),
      ),
    );
    return [];
  };
  if (address !== undefined) {
    // Copies on another mount are replaced after the pair, and kept by themselves: they come back with the next apply.
    const resource = desired.resources.find((one) => one.address === address);
    const master = new Set(resource?.fileSets[0].files.map(({ path }) => path));
    const kept = generationsOf(reader, scope, address);
    // Where its files stood elsewhere then, that is what is wrong, and said.
    const named = new Set(resource ? filesOf(resource).map(({ path }) => path) : []);
    const newest =
      kept.find(({ files }) => files.some(({ path }) => master.has(path))) ??
      kept.find(({ files }) => files.some(({ path }) => !named.has(path)));
    return newest ? [[address, newest]] : missing(address);
  }
  const { entries } = readHistory(reader, scope.stateFolder);
  const last = entries.at(-1)?.plan;
  const begin = entries.findLastIndex(({ plan }) => plan !== last) + 1;
  const transactions = new Map(entries.slice(begin).map((entry) => [entry.address, entry.transaction]));
  return [...transactions].flatMap(([wanted, transaction]) => {
    const generation = generationsOf(reader, scope, wanted).find((one) => one.transaction === transaction);
    return generation ? [[wanted, generation] as const] : missing(wanted);
  });
}

/** What is kept goes only where the desired state has its files, and only whole; what is there now must be known. */
function refusalOf(
  resource: DesiredResource,
  generation: Generation,
  observed: ObservedState,
  { reader }: Environment,
): Diagnostic | undefined {
  if (resource.manage === 'observe') return unusable(resource.address, generation, 'the desired state says manage: observe');
  const paths = new Set(filesOf(resource).map(({ path }) => path));
  for (const { path, keptAt, sha256 } of generation.files) {
    if (!paths.has(path))
      return unusable(resource.address, generation, `it holds ${path}, which the desired state does not name (any more)`);
    const reading = reader.read(keptAt, { maxBytes: 1024 * 1024 });
    if (reading.state !== 'read') return unusable(resource.address, generation, `${keptAt} cannot be read`);
    const intact = createHash('sha256').update(reading.bytes).digest('hex') === sha256;
    reading.bytes.fill(0);
    if (!intact) return unusable(resource.address, generation, `${keptAt} is not what was kept: its hash is another`);
    if (observed.files.get(path)?.state === 'unreadable')
      return unusable(resource.address, generation, `${path} cannot be read now, and is not replaced`);
  }
  return generation.files.length === 0 ? unusable(resource.address, generation, 'it is empty') : undefined;
}

/** Mode and owner are those of today's desired state and disk: only content goes back. */
function filesFor(resource: DesiredResource, { files }: Generation, observed: ObservedState): readonly RestoredFile[] {
  const wanted = new Map<string, DesiredFile>(filesOf(resource).map((file) => [file.path, file]));
  const isKey = (path: string) => ['privateKey', 'combined'].includes(wanted.get(path)?.role ?? '');
  return files
    .map(({ path, keptAt, sha256 }) => {
      const now = statusOf(observed.files.get(path));
      const widest = isKey(path) ? widestMode.privateKey : widestMode.certificate;
      const { uid, gid } = now ?? observed.process;
      return { path, keptAt, sha256, mode: wanted.get(path)?.mode ?? (now ? now.mode & widest : widest), uid, gid };
    })
    .sort((left, right) => Number(isKey(right.path)) - Number(isKey(left.path)));
}

const statusOf = (file: ObservedFile | undefined) => (file && file.state !== 'absent' ? file.status : undefined);

function restoration(
  { resource, generation, files }: Chosen,
  now: Change | undefined,
  then: Change & { readonly before: NonNullable<Change['before']> },
  confirmed: readonly string[],
  orphans: readonly Address[],
): Restoration {
  const { address, kind } = resource;
  return {
    address,
    generation: generation.number,
    before: now?.before ?? null,
    after: then.before,
    files,
    needsConsent: kind === 'ca',
    isConfirmed: confirmed.includes(address),
    next: { action: then.action, codes: [...new Set(then.differences.map(({ code }) => code))] },
    orphans,
  };
}

/** Of an authority: children that would be signed by another key than the one that comes back. */
function orphansOf({ resource: { address, kind } }: Chosen, { plan }: PlanPass, next: readonly Change[]): readonly Address[] {
  if (kind !== 'ca') return [];
  const isWrong = (change: Change | undefined) =>
    change?.differences.some(({ code }) => code === 'issuer' || code === 'issuer-rekeyed') ?? false;
  return next
    .filter(
      (change) => change.issuer === address && isWrong(change) && !isWrong(plan.changes.find((one) => one.address === change.address)),
    )
    .map((change) => change.address);
}

const idOf = (items: readonly Restoration[]): string => {
  const meaning = items.map(({ address, files }) => [
    address,
    files.map(({ path, sha256, mode, uid, gid }) => [path, sha256, mode, uid, gid]),
  ]);
  return `sha256:${createHash('sha256')
    .update(JSON.stringify(['restore', meaning]))
    .digest('hex')}`;
};

const nothingKept = (address: Address, others: readonly Address[]): Diagnostic => ({
  code: 'nothing-to-restore',
  severity: 'error',
  message: `nothing that ${address} had before is kept`,
  hint:
    others.length > 0
      ? `there is something to go back to for ${others.join(', ')}; certstate restore --list shows it`
      : 'nothing has been replaced here yet',
  address,
});

const notDesired = (address: Address): Diagnostic => ({
  code: 'generation-unusable',
  severity: 'error',
  message: `${address} is no longer in the desired state, so nothing of it is put anywhere`,
  hint: 'bring it back into the YAML first',
});

const unusable = (address: Address, { number }: Generation, cause: string): Diagnostic => ({
  code: 'generation-unusable',
  severity: 'error',
  message: `generation ${number} of ${address} cannot be put back: ${cause}`,
  hint: 'look at it below generations/ in the state directory',
});

const notAPair = ({ resource: { address }, generation }: Chosen): Diagnostic =>
  unusable(address, generation, 'its key and its certificate would not belong together');
