/** `show ADDRESS`: one resource in full: what the YAML wants, what is on disk, where they differ, and what is known of the certificate. */
import { labelledNames } from '../domain/alternative-names.ts';
import type { Condition } from '../domain/condition.ts';
import { type DesiredResource, filesOf } from '../domain/desired-state.ts';
import { formatKey } from '../domain/keys.ts';
import type { CertificateFacts, ObservedFile } from '../domain/observed-state.ts';
import type { Change, Plan } from '../domain/plan.ts';
import { formatSubject } from '../domain/subject.ts';
import { formatDuration } from '../domain/time.ts';
import { blockSentence } from './block-sentences.ts';
import { certificateLines } from './certificate-text.ts';
import { detailLines, planColumns } from './change-text.ts';
import { conditionPhrase, type ShownConditions, sinceText } from './condition-words.ts';
import { differenceSentence, formatPlace, shortHash } from './difference-sentences.ts';
import { findingSentence } from './finding-sentences.ts';
import { type DesiredContext, formatMode, formatOwner } from './plan-context.ts';
import { formatDate, relativeTo } from './relative-time.ts';
import { stateOf, stateTone } from './resource-state.ts';
import { type Line, renderLines, toned } from './style.ts';
import { padTo, widest } from './text-width.ts';

/** The text about the resource of one change of the plan. */
export function showText(change: Change, plan: Plan, context: DesiredContext, stands?: ShownConditions): string {
  const columns = planColumns(context);
  const resource = context.desired.resources.find(({ address }) => address === change.address);
  const state = stateOf(change);
  const section = (label: string, lines: readonly string[]): readonly Line[] =>
    lines.length === 0 ? [] : detailLines({ label, lines }, columns);
  const facts = { change, now: plan.evaluatedAt };
  const certificates = resource ? certificatesOf(resource, context) : [];
  const lines: Line[] = [
    [`${change.address}  `, toned(stateTone(state), state), toned('dim', change.place ? `  ${formatPlace(change.place)}` : '')],
    ...section('wanted', resource ? desiredLines(resource) : ['no longer named by the desired state']),
    ...section('files', resource ? filesText(resource, context) : []),
    ...section(
      'differs',
      change.differences.map((difference) => `${differenceSentence(difference, facts)} [${difference.code}]`),
    ),
    ...section(
      'found',
      change.findings.map((finding) => `${findingSentence(finding, change, plan.evaluatedAt)} [${finding.code}]`),
    ),
    ...section('plan', [planLine(change)]),
    ...section('blocked', change.blocked ? [`${blockSentence(change.blocked, change)} [${change.blocked.code}]`] : []),
    ...section(
      'stands',
      (stands?.conditions ?? []).map((condition) => standingText(condition, plan, stands)),
    ),
    ...section('due', dueLines(change, plan)),
    ...certificates.flatMap(({ path, facts: certificate }): readonly Line[] => [
      [],
      [`certificate in ${path}`],
      ...certificateLines(certificate).map((line): Line => [`    ${line}`]),
    ]),
  ];
  return renderLines(lines, context.style);
}

const standingText = (condition: Condition, { evaluatedAt }: Plan, stands: ShownConditions | undefined): string =>
  `${conditionPhrase(condition)}${stands?.isKept(condition) ? `, ${sinceText(condition, evaluatedAt)}` : ''} [${condition.type}]`;

const planLine = ({ action, key }: Change): string =>
  action === 'noop' ? 'nothing to do' : `${action}${key === 'none' ? '' : `, key ${key}`}`;

function dueLines({ before, renewFrom, replaces }: Change, { evaluatedAt }: Plan): readonly string[] {
  const expires =
    before !== null && before.notAfter !== null
      ? [`expires ${formatDate(before.notAfter)}${Number.isNaN(before.notAfter) ? '' : ` (${relativeTo(before.notAfter, evaluatedAt)})`}`]
      : [];
  return [
    ...expires,
    ...(before !== null && renewFrom !== null && !replaces.certificate
      ? [`renews from ${formatDate(renewFrom)} (${relativeTo(renewFrom, evaluatedAt)})`]
      : []),
  ];
}

/** What the YAML says, in its own words; what it leaves out is left out. */
function desiredLines(resource: DesiredResource): readonly string[] {
  const { privateKey } = resource;
  const key = privateKey?.algorithm === undefined ? undefined : formatKey({ algorithm: privateKey.algorithm, size: privateKey.size });
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['issuer', resource.issuer],
    ['subject', formatSubject(resource.subject)],
    ['names', labelledNames(resource.names).join(', ') || undefined],
    ['usages', resource.usages?.join(', ')],
    ['pathLength', resource.kind === 'ca' && resource.pathLength !== undefined ? String(resource.pathLength) : undefined],
    [
      'privateKey',
      [key, privateKey?.encoding, privateKey?.rotationPolicy && `rotationPolicy ${privateKey.rotationPolicy}`]
        .filter((part) => part !== undefined)
        .join(', ') || undefined,
    ],
    ['duration', resource.duration && formatDuration(resource.duration)],
    ['renewBefore', resource.kind === 'cert' && resource.renewBefore !== undefined ? formatDuration(resource.renewBefore) : undefined],
    ['fingerprint', resource.kind === 'ca' && resource.fingerprint !== undefined ? `sha256:${resource.fingerprint}` : undefined],
    ['manage', resource.manage],
  ];
  return rows.flatMap(([field, value]) => (value === undefined || value === '' ? [] : [`${field}: ${value}`]));
}

function filesText(resource: DesiredResource, context: DesiredContext): readonly string[] {
  const files = filesOf(resource);
  const columns = widest(files.map(({ path }) => path));
  return files.map(
    ({ path, role, set }) =>
      `${padTo(path, columns)}  ${role}${set > 0 ? ' (copy)' : ''}: ${observedText(context.observed.files.get(path), context)}`,
  );
}

function observedText(file: ObservedFile | undefined, context: DesiredContext): string {
  if (file === undefined) return 'not looked at';
  if (file.state === 'absent') return 'absent';
  if (file.state === 'unreadable') return `${file.problem}: ${file.cause}`;
  const keys = file.content.keys.map((key) => `key ${formatKey(key)} ${key.encoding} (spki ${shortHash(key.spkiSha256)})`);
  const certificates = file.content.certificates.map(({ sha256 }) => `certificate ${shortHash(sha256)}`);
  return [`${formatMode(file.status.mode)} ${formatOwner(file.status, context)}`, ...keys, ...certificates].join(', ');
}

/** Every certificate in the files of the resource, each once. */
function certificatesOf(
  resource: DesiredResource,
  { observed }: DesiredContext,
): readonly { readonly path: string; readonly facts: CertificateFacts }[] {
  const found = new Map<string, { readonly path: string; readonly facts: CertificateFacts }>();
  for (const { path } of filesOf(resource)) {
    const file = observed.files.get(path);
    if (file?.state !== 'read') continue;
    for (const facts of file.content.certificates) if (!found.has(facts.sha256)) found.set(facts.sha256, { path, facts });
  }
  return [...found.values()];
}
