/** A certificate as stable lines of `label: value`, sets one element per line: made to be read and to be compared line by line. */

import { labelledNames } from '../domain/alternative-names.ts';
import { formatKey } from '../domain/keys.ts';
import type { CertificateFacts } from '../domain/observed-state.ts';
import type { CertificateSummary } from '../domain/plan.ts';
import { formatSubject } from '../domain/subject.ts';
import { formatInstant, type Instant } from '../domain/time.ts';

const atApply = '(chosen at apply)';

const dateText = (instant: Instant | null): string =>
  instant === null ? atApply : Number.isNaN(instant) ? '(does not parse)' : formatInstant(instant);

const setLines = (label: string, values: readonly string[]): readonly string[] =>
  values.length === 0 ? [`${label}: none`] : values.toSorted().map((value) => `${label}: ${value}`);

const basicConstraintsText = (ca: boolean, pathLength: number | null): string =>
  ca ? `CA:TRUE${pathLength === null ? '' : `, path length ${pathLength}`}` : 'CA:FALSE';

/** What a plan shows of a certificate, on disk or to be issued. Public facts only: there is nothing else in a summary. */
export const summaryLines = (summary: CertificateSummary): readonly string[] => [
  `subject: ${summary.subject}`,
  `issuer: ${summary.issuer}`,
  `serial: ${summary.serial ?? atApply}`,
  `not before: ${dateText(summary.notBefore)}`,
  `not after: ${dateText(summary.notAfter)}`,
  `key: ${summary.key ? formatKey(summary.key) : 'none here'}`,
  `key spki sha256: ${summary.key ? (summary.key.spkiSha256 ?? atApply) : 'none here'}`,
  `basic constraints: ${basicConstraintsText(summary.ca, summary.pathLength)}`,
  ...setLines('name', summary.names),
  ...setLines('usage', summary.usages),
  `sha256: ${summary.sha256 ?? atApply}`,
];

/** Everything we read of a certificate on disk. */
export function certificateLines(facts: CertificateFacts): readonly string[] {
  const constraints = facts.nameConstraints;
  return [
    `version: ${facts.version}`,
    `serial: ${facts.serial}`,
    `subject: ${formatSubject(facts.subject)}`,
    `issuer: ${formatSubject(facts.issuer)}`,
    `not before: ${dateText(facts.notBefore)}`,
    `not after: ${dateText(facts.notAfter)}`,
    `key: ${formatKey(facts.publicKey)}`,
    `key spki sha256: ${facts.publicKey.spkiSha256}`,
    `basic constraints: ${facts.basicConstraints ? basicConstraintsText(facts.basicConstraints.ca, facts.basicConstraints.pathLength ?? null) : 'absent'}`,
    ...setLines('name', [...labelledNames(facts.names), ...facts.names.otherNames]),
    ...setLines('usage', [...facts.usages, ...facts.otherUsages]),
    ...(constraints
      ? [
          ...labelledNames(constraints.permitted).map((name) => `permitted: ${name}`),
          ...labelledNames(constraints.excluded).map((name) => `excluded: ${name}`),
        ]
      : []),
    `subject key identifier: ${facts.subjectKeyIdentifier ?? 'absent'}`,
    `authority key identifier: ${facts.authorityKeyIdentifier ?? 'absent'}`,
    `signature: ${facts.signatureAlgorithm}`,
    `sha256: ${facts.sha256}`,
  ];
}
