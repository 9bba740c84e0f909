/** Which generations a restore puts back, judged as if they were on disk already. Writes nothing. */
import { createHash } from 'node:crypto';
import { type DesiredFile, filesOf } from '../domain/desired-state.ts';
import type { Diagnostic } from '../domain/diagnostic.ts';
import type { Address } from '../domain/names.ts';
import type { ObservedFile, ObservedState } from '../domain/observed-state.ts';
import type { Change } from '../domain/plan.ts';
import type { Restoration, RestoredFile, RestorePlan } from '../domain/restoration.ts';
import type { Instant } from '../domain/time.ts';
import { observe } from '../observe/observe.ts';
import { widestMode } from '../plan/defaults.ts';
import { missingFolders, ownerAfter } from '../plan/file-changes.ts';
import { makePlan } from '../plan/make-plan.ts';
import { type Chosen, chooseGenerations } from './choose-generations.ts';
import type { Environment, Scope } from './environment.ts';
import { readHistory } from './history.ts';
import { overlayReader } from './overlay-reader.ts';
import type { PlanPass } from './plan-pass.ts';
import { refusalOf, unusable } from './restore-refusals.ts';

interface Candidate extends Chosen {
  readonly files: readonly RestoredFile[];
  readonly replacedFor: Restoration['replacedFor'];
}

export interface RestoreWish {
  /** One resource; else everything the last plan that was carried out has changed. */
  readonly address: Address | undefined;
  readonly now: Instant;
}

export async function restorePlan(environment: Environment, scope: Scope, pass: PlanPass, wish: RestoreWish): Promise<RestorePlan> {
  const { reader, accounts, process } = environment;
  const { desired, observed, records, plan, options } = pass;
  const choice = chooseGenerations(environment, scope, desired.resources, wish.address);
  const refusals: Diagnostic[] = [...choice.refusals];
  const { entries } = readHistory(reader, scope.stateFolder);
  const candidates = choice.chosen.flatMap((one): readonly Candidate[] => {
    const refusal = refusalOf(one.resource, one.generation, observed, reader);
    if (refusal) refusals.push(refusal);
    const replacedFor = entries.find(
      ({ transaction, address }) => transaction === one.generation.transaction && address === one.resource.address,
    );
    return refusal ? [] : [{ ...one, files: filesFor(one, observed, scope.root), replacedFor: replacedFor?.because ?? [] }];
  });
  const shown = new Map(
    candidates.flatMap(({ files }) => files.map(({ path, keptAt, ...rest }) => [path, { ...rest, contentOf: keptAt }] as const)),
  );
  const after = await observe({ desired, reader: overlayReader(reader, shown), accounts, root: scope.root, process });
  const next = makePlan({
    desired,
    observed: after,
    records: records.records,
    options: { ...options, renew: [], rekey: [] },
    now: wish.now,
  });
  const items = candidates.flatMap((one): readonly Restoration[] => {
    const [before, then] = [plan, next].map(({ changes }) => changes.find(({ address }) => address === one.resource.address));
    const summary = then?.before;
    const torn = !then || !summary || then.differences.some(({ code }) => code === 'key-mismatch');
    if (torn) refusals.push(unusable(one.resource.address, one.generation, 'its key and its certificate would not belong together'));
    return torn ? [] : [restoration(one, before, { ...then, before: summary }, options.confirm, orphansOf(one, pass, next.changes))];
  });
  return { id: idOf(items, observed), items, refusals };
}

/** Mode and owner are those of today's desired state and disk: only content goes back. Keys first. */
function filesFor({ resource, generation }: Chosen, observed: ObservedState, root: string): readonly RestoredFile[] {
  const wanted = new Map<string, DesiredFile>(filesOf(resource).map((file) => [file.path, file]));
  const isKey = (path: string) => ['privateKey', 'combined'].includes(wanted.get(path)?.role ?? '');
  return generation.files
    .map(({ path, keptAt, sha256 }): RestoredFile => {
      const file = observed.files.get(path);
      const status = file && file.state !== 'absent' ? file.status : undefined;
      const widest = isKey(path) ? widestMode.privateKey : widestMode.certificate;
      return {
        path,
        keptAt,
        sha256,
        mode: wanted.get(path)?.mode ?? (status ? status.mode & widest : widest),
        ...ownerAfter(observed, status, wanted.get(path) ?? {}, root),
        newFolders: file?.state === 'absent' ? missingFolders(path, file.missingFrom) : [],
      };
    })
    .sort((left, right) => Number(isKey(right.path)) - Number(isKey(left.path)));
}

function restoration(
  { resource, generation, files, replacedFor }: Candidate,
  now: Change | undefined,
  then: Change & { readonly before: NonNullable<Change['before']> },
  confirmed: readonly string[],
  orphans: readonly Address[],
): Restoration {
  const { address, kind } = resource;
  return {
    address,
    generation: generation.number,
    replacedFor,
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

/** Over what is put where, and over what it takes the place of: whoever agreed to it has seen both. */
const idOf = (items: readonly Restoration[], { files: now }: ObservedState): string => {
  const meaning = items.map(({ address, files }) => [
    address,
    files.map(({ path, sha256, mode, uid, gid }) => [path, sha256, mode, uid, gid, hashAt(now.get(path))]),
  ]);
  return `sha256:${createHash('sha256')
    .update(JSON.stringify(['restore', meaning]))
    .digest('hex')}`;
};

const hashAt = (file: ObservedFile | undefined): string | null =>
  file === undefined || file.state === 'absent' ? null : (file.sha256 ?? file.state);
