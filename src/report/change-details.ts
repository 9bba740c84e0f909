/** The lines under a change: why, what will be issued, what stays, what is written, what follows. */
import { formatKey } from '../domain/keys.ts';
import type { CertificateSummary, Change, Difference, Plan } from '../domain/plan.ts';
import { blockSentence, isWaiting } from './block-sentences.ts';
import type { Detail } from './detail.ts';
import { differenceSentence, formatPlace, shortHash } from './difference-sentences.ts';
import { effectSentences } from './effect-sentences.ts';
import { fileLines } from './file-lines.ts';
import { grouped } from './grouped.ts';
import type { PlanContext } from './plan-context.ts';
import { formatMinute } from './relative-time.ts';
import { shellWords } from './shell-words.ts';
import { validityText } from './validity-text.ts';

const detail = (label: string, lines: readonly string[], own = false): readonly Detail[] =>
  lines.length === 0 ? [] : [{ label, lines, own }];

/** All lines of a change, in the order people read them. */
export function changeDetails(change: Change, plan: Plan, context: PlanContext): readonly Detail[] {
  const { before, after } = change;
  return [
    ...detail('because', becauseLines(change, plan, context)),
    ...detail('issue', change.action === 'create' && after ? [issueText(change, after, plan)] : []),
    ...detail('subject', before && after && before.subject !== after.subject ? [`${before.subject}  ->  ${after.subject}`] : []),
    ...detail('issuer', issuerLines(change)),
    ...detail('sans', setLines(before?.names, after?.names, change)),
    ...detail(
      'usages',
      change.action === 'create' || !before
        ? after && issues(change)
          ? [after.usages.join(', ')]
          : []
        : setLines(before.usages, after?.usages, change),
    ),
    ...detail('limits', limitLines(before, after)),
    ...detail('key', keyLines(change)),
    ...detail('valid', issues(change) && !isFollowing(change) ? [validityText(change, plan)] : []),
    ...detail('serial', issues(change) && !isFollowing(change) ? serialLines(change) : []),
    ...detail('keep', keepLines(change)),
    ...fileLines(change, plan, context),
    ...detail('effect', effectLines(change)),
    ...detail('then', thenLines(change), true),
    ...detail(
      'blocked',
      change.blocked && !isWaiting(change)
        ? [`${blockSentence(change.blocked, change)}${change.blocked.place ? ` (${formatPlace(change.blocked.place)})` : ''}`]
        : [],
    ),
  ];
}

/** Whether a certificate comes out of this change. */
export const issues = ({ replaces, action }: Change): boolean => replaces.certificate || action === 'create';

/** Only because its issuer changes: then its new dates and serial number are not what a reader looks for. */
const isFollowing = ({ differences }: Change): boolean =>
  differences.length > 0 && differences.every(({ becauseOf }) => becauseOf !== undefined);
const isCascade = ({ differences }: Change): boolean => differences.some(({ becauseOf }) => becauseOf !== undefined);
const isIssuing = ({ action }: Change): boolean => action !== 'fix' && action !== 'forget' && action !== 'delete' && action !== 'noop';

function becauseLines(change: Change, plan: Plan, context: PlanContext): readonly string[] {
  const facts = { change, now: plan.evaluatedAt };
  const sentences = change.differences.map((difference) => `${differenceSentence(difference, facts)}${outsideText(difference, context)}`);
  return [...new Set(sentences)];
}

/** The moment of a chmod or chown is the status change: neither moves the time of modification. */
function outsideText({ origin, file }: Difference, { observed }: PlanContext): string {
  if (origin !== 'drift' || file === undefined) return '';
  const found = observed.files.get(file);
  const status = found && found.state !== 'absent' ? found.status : undefined;
  return status ? `; changed outside certstate at ${formatMinute(status.changedAt)}` : '; changed outside certstate';
}

function issueText(change: Change, after: CertificateSummary, plan: Plan): string {
  const parts = [after.subject];
  if (change.issuer === null) parts.push(after.ca ? 'self-signed root' : 'self-signed');
  else {
    const issuer = plan.changes.find(({ address }) => address === change.issuer);
    parts.push(
      `${after.ca ? 'intermediate authority, ' : ''}signed by ${change.issuer}${issuer?.action === 'create' ? ' (created above)' : ''}`,
    );
  }
  if (after.pathLength !== null) parts.push(`path length ${after.pathLength}`);
  return parts.join(', ');
}

function issuerLines({ issuer, before, after, differences }: Change): readonly string[] {
  const difference = differences.find(({ code }) => code === 'issuer-rekeyed' || code === 'issuer');
  if (!difference || !issuer) return before && after && before.issuer !== after.issuer ? [`${before.issuer}  ->  ${after.issuer}`] : [];
  if (difference.code === 'issuer-rekeyed') {
    return [`${issuer}${difference.observed ? ` (spki ${shortHash(difference.observed)})` : ''}  ->  ${issuer} (new key)`];
  }
  return [`${difference.observed ?? before?.issuer ?? 'another authority'}  ->  ${difference.desired ?? issuer}`];
}

const shownAtMost = 20;

/** What is added, removed and kept of a set; all of it with a plus where nothing was there. Nothing where nothing changes. */
function setLines(before: readonly string[] | undefined, after: readonly string[] | undefined, change: Change): readonly string[] {
  if (!after || !isIssuing(change)) return [];
  const was = new Set(before ?? []);
  const will = new Set(after);
  const added = after.filter((name) => !was.has(name)).map((name) => `+ ${name}`);
  const removed = [...was].filter((name) => !will.has(name)).map((name) => `- ${name}     on disk, not in the desired state`);
  if (added.length + removed.length === 0) return [];
  const kept = after.filter((name) => was.has(name)).map((name) => `  ${name}`);
  const lines = [...removed, ...added, ...kept];
  return lines.length <= shownAtMost ? lines : [...lines.slice(0, shownAtMost), `  ... and ${lines.length - shownAtMost} more`];
}

const serialLines = ({ before, after }: Change): readonly string[] =>
  before?.serial && after && after.serial === null ? [`${before.serial.slice(0, 12)}  ->  random, chosen at apply`] : [];

function limitLines(before: CertificateSummary | null, after: CertificateSummary | null): readonly string[] {
  if (!before || !after || (before.ca === after.ca && before.pathLength === after.pathLength)) return [];
  const text = ({ ca, pathLength }: CertificateSummary) =>
    `${ca ? 'authority' : 'no authority'}${pathLength === null ? '' : `, path length ${pathLength}`}`;
  return [`${text(before)}  ->  ${text(after)}`];
}

function keyLines(change: Change): readonly string[] {
  if (change.key !== 'new' || !change.after?.key) return [];
  const wanted = formatKey(change.after.key);
  const had = change.before?.key ? formatKey(change.before.key) : undefined;
  const forced = change.differences.some(({ forces }) => forces === 'key');
  return had === undefined || had === wanted ? [`${wanted}, new`] : [`${had}  ->  ${wanted}${forced ? '     forces a new key' : ', new'}`];
}

/** What stays although a certificate is issued: the answer to "what else does this change?". */
function keepLines(change: Change): readonly string[] {
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

/** One sentence per kind of effect; `services-not-run` stands beside the commands it speaks of. */
function effectTexts(change: Change): readonly string[] {
  const told = change.findings.some(({ code }) => code === 'key-exposed');
  const kinds = grouped(change.effects, ({ code }) => code);
  return [...kinds].flatMap(([code, effects]) =>
    code === 'services-not-run' || (code === 'key-was-exposed' && told)
      ? []
      : [effectSentences[code](effects.map((effect) => effect.detail).join(', '), change)],
  );
}

function effectLines(change: Change): readonly string[] {
  const said = effectTexts(change);
  const quiet = change.services.length === 0;
  switch (change.action) {
    case 'fix':
      return [['no new key, no new certificate', ...(quiet ? ['no service touched'] : []), ...said].join('; ')];
    case 'renew':
    case 'reissue':
      if (isCascade(change)) return said;
      return [
        [
          `key ${change.key === 'new' ? 'new' : 'kept'}`,
          ...(change.replaces.trustAnchor ? [] : ['trust unaffected']),
          ...said,
          ...(quiet ? ['no service to reload'] : []),
        ].join('; '),
      ];
    default:
      return said;
  }
}

/** What is to be run after the files are right, and whether this version runs it. */
function thenLines(change: Change): readonly string[] {
  const { services, effects } = change;
  const notRun = effects
    .filter(({ code }) => code === 'services-not-run')
    .map(({ code, detail }) => `(${effectSentences[code](detail, change)})`);
  return services.length === 0 ? [] : [...services.map(({ argv }) => `run: ${shellWords(argv)}`), ...notRun];
}
