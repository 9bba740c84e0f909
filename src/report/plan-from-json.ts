/**
 * A plan out of its document, to be worded as it was when it was made. Sentences in the document are passed over: what is shown comes from the very
 * facts that apply compares with the host, so that nobody can have one plan reviewed and another carried out.
 */
import type { DesiredResource } from '../domain/desired-state.ts';
import type { Diagnostic, Place } from '../domain/diagnostic.ts';
import type { Material } from '../domain/material.ts';
import type { Address } from '../domain/names.ts';
import type { ObservedFile } from '../domain/observed-state.ts';
import type { CertificateSummary, Change, Difference, FileChange, Finding, Plan, ServiceReload } from '../domain/plan.ts';
import { tellingOf } from '../domain/telling.ts';
import { type Duration, type Instant, instantOf, parseInstant } from '../domain/time.ts';
import type { PlanContext } from './plan-context.ts';
import type { PlanJson } from './plan-json.ts';

export interface PlanAsSaved {
  readonly plan: Plan;
  /** What the texts of a plan need beside it. */
  readonly context: Pick<PlanContext, 'desired' | 'observed' | 'options' | 'inventory'>;
  /** What was said beside it. */
  readonly diagnostics: readonly Diagnostic[];
}

type ChangeJson = PlanJson['changes'][number];
type SummaryJson = NonNullable<ChangeJson['before']>;

/** @param document one that fits the schema of a plan. */
export function planFromJson(document: PlanJson): PlanAsSaved {
  const { config, host, options, summary, looked } = document;
  const changes = document.changes.map(changeFrom);
  return {
    plan: {
      id: document.id,
      evaluatedAt: instantFrom(document.evaluated_at) ?? instantOf(0),
      validUntil: instantFrom(document.valid_until) ?? undefined,
      changes,
      reloads: (document.reloads ?? []).map(({ because, of, ...reload }) => ({
        ...reloadFrom(reload),
        because,
        of: of as readonly Address[],
      })),
      leftOut: summary.left_out,
      diagnostics: [],
      preconditions: [],
      looked,
    },
    context: {
      desired: {
        host: host.name,
        from: config.from,
        sources: config.sources.map(({ path, sha256 }) => ({ file: path, sha256 })),
        resources: [...kinds('ca', config.authorities), ...kinds('cert', config.certificates)],
      },
      observed: observedFrom(document),
      inventory: document.inventory
        ? { host: document.inventory.host, takenAt: instantFrom(document.inventory.taken_at) ?? instantOf(0) }
        : undefined,
      options: {
        targets: options.targets,
        excludes: options.excludes,
        renew: options.renew as readonly Address[],
        rekey: options.rekey as readonly Address[],
        confirm: options.confirm,
        prune: options.prune,
        acceptClock: options.accept_clock,
        root: host.root === '/' ? '' : host.root,
      },
    },
    diagnostics: document.diagnostics.map(diagnosticFrom),
  };
}

/** More than there can be counts as the most that is worth telling apart. */
const kinds = (kind: DesiredResource['kind'], count: number): readonly Pick<DesiredResource, 'kind'>[] =>
  Array.from({ length: Math.min(count, 1_000_000) }, () => ({ kind }));

/** Null also where it is no date at all (31 February). */
const instantFrom = (text: string | null): Instant | null => (text === null ? null : (parseInstant(text) ?? null));

const placeFrom = (where: ChangeJson['where']): Place | null =>
  where && { file: where.path, line: where.line, column: where.col, endLine: where.end_line, endColumn: where.end_col };

function changeFrom(change: ChangeJson): Change {
  const { blocked, replaces, effects, services, consent } = change;
  return {
    address: change.address,
    kind: change.kind,
    name: change.name,
    action: change.action,
    key: change.key,
    blocked: blocked && {
      by: blocked.by,
      code: blocked.code,
      detail: blocked.detail,
      place: placeFrom(blocked.where) ?? undefined,
      confirm: blocked.confirm,
    },
    replaces: { key: replaces.key, certificate: replaces.certificate, trustAnchor: replaces.trust_anchor },
    differences: change.reasons.map(differenceFrom),
    findings: change.findings.map(findingFrom),
    effects: effects.map(({ code, detail }) => ({ code, detail })),
    place: placeFrom(change.where),
    issuer: change.issuer,
    dependsOn: change.depends_on as readonly Address[],
    before: summaryFrom(change.before),
    after: summaryFrom(change.after),
    endsAbout: instantFrom(change.ends_about),
    renewFrom: instantFrom(change.renew_from),
    renewBefore: change.renew_before as Duration | null,
    duration: change.duration as Duration | null,
    files: change.files.map(fileFrom),
    services: services.map(reloadFrom),
    consent: consent?.confirm ?? null,
    material: materialFrom(change),
  };
}

const reloadFrom = ({ service, argv, static_pod: staticPod, when }: ChangeJson['services'][number]): ServiceReload => ({
  service: service.replace(/^service\//, ''),
  ...tellingOf({ argv, staticPod }),
  when: when === 'reload' ? 'reload' : 'trust-change',
});

const differenceFrom = (reason: ChangeJson['reasons'][number]): Difference => ({
  code: reason.code,
  origin: reason.origin,
  path: reason.paths[0] ?? [],
  place: placeFrom(reason.where) ?? undefined,
  observed: reason.observed ?? undefined,
  desired: reason.desired ?? undefined,
  added: reason.added ?? undefined,
  removed: reason.removed ?? undefined,
  kept: reason.kept ?? undefined,
  file: reason.file ?? undefined,
  becauseOf: reason.because_of ?? undefined,
  forces: reason.forces,
  ...sinceFrom(reason),
});

const findingFrom = (finding: ChangeJson['findings'][number]): Finding => ({
  code: finding.code,
  detail: finding.detail,
  file: finding.file ?? undefined,
  place: placeFrom(finding.where) ?? undefined,
  ...sinceFrom(finding),
  ...(finding.until !== undefined && { until: instantFrom(finding.until) ?? undefined }),
});

const sinceFrom = ({ since, overdue }: { readonly since: string | null; readonly overdue: boolean }) => ({
  since: instantFrom(since) ?? undefined,
  ...(overdue && { overdue: true as const }),
});

const summaryFrom = (summary: SummaryJson | null): CertificateSummary | null =>
  summary && {
    subject: summary.subject,
    issuer: summary.issuer,
    names: summary.names,
    usages: summary.usages,
    ca: summary.ca,
    pathLength: summary.path_length,
    notBefore: instantFrom(summary.not_before),
    notAfter: instantFrom(summary.not_after),
    serial: summary.serial,
    sha256: summary.fingerprint_sha256,
    key: summary.key && { algorithm: summary.key.algorithm, size: summary.key.size, spkiSha256: summary.key.spki_sha256 },
  };

type FileJson = ChangeJson['files'][number];

function fileFrom({ path, role, copy, action, before, after, new_folders: newFolders }: FileJson): FileChange {
  const mode = (text: string | null) => (text === null ? undefined : Number.parseInt(text, 8));
  return {
    path,
    role,
    set: copy,
    action,
    before: { exists: before.exists, mode: mode(before.mode), uid: before.uid ?? undefined, gid: before.gid ?? undefined },
    after: { exists: true, mode: mode(after.mode) ?? 0, uid: after.uid ?? 0, gid: after.gid ?? 0 },
    newFolders,
  };
}

/** Where an installed pair comes from: all that texts say of a material. */
function materialFrom({ installed_from: source }: ChangeJson): Material | null {
  if (source === null) return null;
  return {
    key: source.private_key === null ? { from: 'nowhere' } : { from: 'file', path: source.private_key, spkiSha256: '' },
    certificate: { from: 'file', path: source.certificate, sha256: '' },
    chain: [],
    generations: [],
  };
}

/** Since when files are as they are, and what owners are called. */
function observedFrom({ changes }: PlanJson): PlanContext['observed'] {
  const files = new Map<string, ObservedFile>();
  const userNames = new Map<number, string>();
  const groupNames = new Map<number, string>();
  for (const { reasons, findings, files: changed } of changes) {
    for (const { file, file_changed_at: at } of [...reasons, ...findings]) {
      const changedAt = instantFrom(at);
      if (file !== null && changedAt !== null) files.set(file, seenAt(file, changedAt));
    }
    for (const { before, after } of changed)
      for (const { uid, gid, owner, group } of [before, after]) {
        if (uid !== null && owner !== null) userNames.set(uid, owner);
        if (gid !== null && group !== null) groupNames.set(gid, group);
      }
  }
  return { files, userNames, groupNames };
}

const seenAt = (path: string, changedAt: Instant): ObservedFile => ({
  state: 'unreadable',
  path,
  problem: 'unreadable',
  cause: '',
  status: { mode: 0, uid: 0, gid: 0, links: 1, size: 0, inode: 0n, device: 0n, changedAt },
});

const diagnosticFrom = (diagnostic: PlanJson['diagnostics'][number]): Diagnostic => ({
  code: diagnostic.code,
  severity: diagnostic.severity,
  message: diagnostic.summary,
  hint: diagnostic.next[0]?.label ?? '',
  address: diagnostic.address ?? undefined,
  place: placeFrom(diagnostic.where) ?? undefined,
  label: diagnostic.detail ?? undefined,
  notes: diagnostic.notes,
});
