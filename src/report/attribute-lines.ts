/** What becomes of a certificate, attribute by attribute: what is issued, what differs, what stays. */
import { formatKey } from '../domain/keys.ts';
import type { CertificateSummary, Change } from '../domain/plan.ts';
import { installs, isCascade, issues } from './change-nature.ts';
import { foundIssuer, shortHash } from './difference-sentences.ts';
import type { PlanIndex } from './plan-index.ts';

export function issueText(change: Change, after: CertificateSummary, index: PlanIndex): string {
  const parts = [after.subject];
  if (change.issuer === null) parts.push(after.ca ? 'self-signed root' : 'self-signed');
  else {
    const issuer = index.byAddress.get(change.issuer);
    parts.push(
      `${after.ca ? 'intermediate authority, ' : ''}signed by ${change.issuer}${issuer?.action === 'create' ? ' (created above)' : ''}`,
    );
  }
  if (after.pathLength !== null) parts.push(`path length ${after.pathLength}`);
  if (installs(change) && change.material?.certificate.from === 'file') parts.push(`from ${change.material.certificate.path}`);
  return parts.join(', ');
}

export function issuerLines(change: Change): readonly string[] {
  const { issuer, before, after, differences } = change;
  const difference = differences.find(({ code }) => code === 'issuer-rekeyed' || code === 'issuer');
  if (!difference || !issuer) return before && after && before.issuer !== after.issuer ? [`${before.issuer}  ->  ${after.issuer}`] : [];
  if (difference.code === 'issuer-rekeyed') {
    return [`${issuer}${difference.observed ? ` (spki ${shortHash(difference.observed)})` : ''}  ->  ${issuer} (new key)`];
  }
  return [`${foundIssuer(difference, change)}  ->  ${difference.desired ?? issuer}`];
}

const shownAtMost = 20;

/** What is added, removed and kept of a set; all of it with a plus where nothing was there. Nothing where nothing changes. */
export function setLines(before: readonly string[], after: readonly string[]): readonly string[] {
  const was = new Set(before);
  const will = new Set(after);
  const added = after.filter((name) => !was.has(name)).map((name) => `+ ${name}`);
  const removed = [...was].filter((name) => !will.has(name)).map((name) => `- ${name}     on disk, not in the desired state`);
  if (added.length + removed.length === 0) return [];
  const kept = after.filter((name) => was.has(name)).map((name) => `  ${name}`);
  const lines = [...removed, ...added, ...kept];
  return lines.length <= shownAtMost ? lines : [...lines.slice(0, shownAtMost), `  ... and ${lines.length - shownAtMost} more`];
}

export function limitLines(before: CertificateSummary, after: CertificateSummary): readonly string[] {
  if (before.ca === after.ca && before.pathLength === after.pathLength) return [];
  const text = ({ ca, pathLength }: CertificateSummary) =>
    `${ca ? 'authority' : 'no authority'}${pathLength === null ? '' : `, path length ${pathLength}`}`;
  return [`${text(before)}  ->  ${text(after)}`];
}

export function keyLines(change: Change): readonly string[] {
  if (change.key !== 'new' || !change.after?.key) return [];
  const wanted = formatKey(change.after.key);
  const had = change.before?.key ? formatKey(change.before.key) : undefined;
  const forced = change.differences.some(({ forces }) => forces === 'key');
  const origin = installs(change)
    ? `, ${originOf(change)}`
    : forced && had !== wanted && had !== undefined
      ? '     forces a new key'
      : ', new';
  return [`${had === undefined || had === wanted ? '' : `${had}  ->  `}${wanted}${origin}`];
}

const originOf = ({ material }: Change): string => (material?.key.from === 'file' ? `from ${material.key.path}` : 'provided');

export const serialLines = ({ before, after }: Change): readonly string[] =>
  before?.serial && after && after.serial === null ? [`${before.serial.slice(0, 12)}  ->  random, chosen at apply`] : [];

/** What stays although a certificate is issued: the answer to "what else does this change?". */
export function keepLines(change: Change): readonly string[] {
  const { before, after } = change;
  if (!before || !after || !issues(change)) return [];
  const same = (left: readonly string[], right: readonly string[]) =>
    left.length === right.length && left.every((item) => right.includes(item));
  const kept: string[] = [];
  if (change.key === 'kept' && before.key)
    kept.push(`key ${formatKey(before.key)}${isCascade(change) ? '' : ` (spki ${shortHash(before.key.spkiSha256)})`}`);
  if (before.subject === after.subject) kept.push('subject');
  if (after.names.length > 0 && same(before.names, after.names)) kept.push('sans');
  if (same(before.usages, after.usages)) kept.push('usages');
  return kept.length === 0 ? [] : [kept.join(', ')];
}
