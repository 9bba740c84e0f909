/** One change for programs. Keys stand in a fixed order, sets are sorted: two plans of the same situation are the same text. */
import { sortedSet } from '../domain/alternative-names.ts';
import { codes } from '../domain/codes.ts';
import type { Address } from '../domain/names.ts';
import type { CertificateSummary, Change, Difference, FileChange, ServiceReload } from '../domain/plan.ts';
import { severityOf } from '../domain/severity.ts';
import { tellingJson } from '../domain/telling.ts';
import { formatDuration, formatInstant, type Instant } from '../domain/time.ts';
import { blockSentence } from './block-sentences.ts';
import { placeJson } from './diagnostic-json.ts';
import { differenceSentence } from './difference-sentences.ts';
import { effectSentence } from './effect-sentences.ts';
import { findingSentence } from './finding-sentences.ts';
import { formatMode, type PlanContext } from './plan-context.ts';

export const instantJson = (instant: Instant | null | undefined): string | null =>
  instant === null || instant === undefined || Number.isNaN(instant) ? null : formatInstant(instant);

/**
 * Facts and sentences side by side: sentences are for people and may change, what is decided by is in the facts, and a saved plan is worded from them.
 * @param context.meaningOf the hash over the meaning of the desired resource, where the reader may want to compare it.
 */
export function changeJson(
  change: Change,
  now: Instant,
  context: Pick<PlanContext, 'observed'> & { readonly meaningOf?: ((address: Address) => string | undefined) | undefined },
) {
  const changedAt = (path: string | undefined) => instantJson(statusChange(path, context));
  return {
    address: change.address,
    kind: change.kind,
    name: change.name,
    action: change.action,
    key: change.key,
    blocked: change.blocked && {
      by: change.blocked.by,
      code: change.blocked.code,
      detail: change.blocked.detail,
      message: blockSentence(change.blocked, change),
      where: placeJson(change.blocked.place),
      confirm: change.blocked.confirm,
    },
    replaces: { key: change.replaces.key, certificate: change.replaces.certificate, trust_anchor: change.replaces.trustAnchor },
    reasons: change.differences.map((difference) => ({
      ...reasonJson(difference, change, now),
      file_changed_at: changedAt(difference.file),
    })),
    where: placeJson(change.place),
    issuer: change.issuer,
    depends_on: sortedSet(change.dependsOn),
    before: summaryJson(change.before),
    after: summaryJson(change.after),
    unknown: unknownJson(change),
    ends_about: instantJson(change.endsAbout),
    renew_from: instantJson(change.renewFrom),
    renew_before: change.renewBefore,
    duration: change.duration,
    installed_from: installedFrom(change),
    attributes: change.differences.flatMap(attributeJson),
    files: change.files.map((file) => fileJson(file, context)),
    effects: change.effects.map((effect) => ({
      code: effect.code,
      severity: codes[effect.code].severity,
      detail: effect.detail,
      message: effectSentence(effect, change),
    })),
    services: change.services.map(serviceJson),
    consent: change.consent === null ? null : { confirm: change.consent },
    findings: change.findings.map((finding) => ({
      code: finding.code,
      severity: severityOf(finding),
      detail: finding.detail,
      message: findingSentence(finding, change, now),
      file: finding.file ?? null,
      file_changed_at: changedAt(finding.file),
      where: placeJson(finding.place),
      since: instantJson(finding.since),
      ...(finding.until !== undefined && { until: formatInstant(finding.until) }),
      overdue: finding.overdue === true,
    })),
    desired_sha256: context.meaningOf?.(change.address) ?? null,
  };
}

export const serviceJson = ({ service, when, ...telling }: ServiceReload) => ({
  service: `service/${service}`,
  ...tellingJson(telling),
  when: when === 'reload' ? ('reload' as const) : ('trust_change' as const),
});

/** chmod and chown move the time of the status, and not that of modification. */
function statusChange(path: string | undefined, { observed }: Pick<PlanContext, 'observed'>): Instant | undefined {
  const file = path === undefined ? undefined : observed.files.get(path);
  return file === undefined || file.state === 'absent' ? undefined : file.status?.changedAt;
}

/** The files of a pair that is brought along. */
const installedFrom = ({ material }: Change) =>
  material?.certificate.from === 'file'
    ? { certificate: material.certificate.path, private_key: material.key.from === 'file' ? material.key.path : null }
    : null;

export type ChangeJson = ReturnType<typeof changeJson>;

const reasonJson = (difference: Difference, change: Change, now: Instant) => ({
  code: difference.code,
  message: differenceSentence(difference, { change, now }),
  origin: difference.origin,
  paths: difference.path.length === 0 ? [] : [difference.path],
  file: difference.file ?? null,
  where: placeJson(difference.place),
  because_of: difference.becauseOf ?? null,
  observed: difference.observed ?? null,
  desired: difference.desired ?? null,
  added: difference.added ?? null,
  removed: difference.removed ?? null,
  kept: difference.kept ?? null,
  forces: difference.forces,
  since: instantJson(difference.since),
  overdue: difference.overdue === true,
});

type AttributeJson = { readonly path: readonly string[]; readonly file: string | null; readonly forces: Difference['forces'] } & (
  | { readonly set: true; readonly added: readonly string[]; readonly removed: readonly string[] }
  | { readonly before: string | null; readonly after: string | null }
);

/** What a program shows as the difference: sets by what comes and goes, everything else by before and after. */
function attributeJson({ path, file, added, removed, observed, desired, forces }: Difference): readonly AttributeJson[] {
  if (path.length === 0) return [];
  if (added || removed)
    return [{ path, file: file ?? null, set: true, added: sortedSet(added ?? []), removed: sortedSet(removed ?? []), forces }];
  return observed === undefined && desired === undefined
    ? []
    : [{ path, file: file ?? null, before: observed ?? null, after: desired ?? null, forces }];
}

export const summaryJson = (summary: CertificateSummary | null) =>
  summary && {
    subject: summary.subject,
    issuer: summary.issuer,
    names: sortedSet(summary.names),
    usages: summary.usages,
    ca: summary.ca,
    path_length: summary.pathLength,
    not_before: instantJson(summary.notBefore),
    not_after: instantJson(summary.notAfter),
    serial: summary.serial,
    fingerprint_sha256: summary.sha256,
    key: summary.key && { algorithm: summary.key.algorithm, size: summary.key.size, spki_sha256: summary.key.spkiSha256 },
  };

/** Every null of `after` with its reason, instead of a bare "known after apply". */
function unknownJson(change: Change) {
  const { after, duration } = change;
  if (!after) return [];
  const lasts = duration === null ? 'time of apply' : `time of apply + ${formatDuration(duration)}`;
  const all = [
    { path: ['serial'], unknown: after.serial === null, why: 'random, chosen at apply' },
    { path: ['not_before'], unknown: after.notBefore === null, why: 'time of apply' },
    { path: ['not_after'], unknown: after.notAfter === null, why: lasts, estimate: instantJson(change.endsAbout) },
    { path: ['fingerprint_sha256'], unknown: after.sha256 === null, why: 'depends on serial and dates' },
    { path: ['key', 'spki_sha256'], unknown: after.key !== null && after.key.spkiSha256 === null, why: 'a new key, made at apply' },
  ];
  return all.filter(({ unknown }) => unknown).map(({ path, why, estimate }) => ({ path, why, estimate: estimate ?? null }));
}

function fileJson({ path, role, set, action, before, after, newFolders }: FileChange, { observed }: Pick<PlanContext, 'observed'>) {
  const owned = (state: { readonly mode?: number | undefined; readonly uid?: number | undefined; readonly gid?: number | undefined }) => ({
    mode: state.mode === undefined ? null : formatMode(state.mode),
    uid: state.uid ?? null,
    gid: state.gid ?? null,
    owner: (state.uid !== undefined && observed.userNames.get(state.uid)) || null,
    group: (state.gid !== undefined && observed.groupNames.get(state.gid)) || null,
  });
  return {
    path,
    role,
    copy: set,
    action,
    before: { exists: before.exists, ...owned(before) },
    after: { exists: true, ...owned(after) },
    new_folders: newFolders,
  };
}
