/** The lines under a change: why, what will be issued, what stays, what is written, what follows. */
import type { Change, Difference, Plan } from '../domain/plan.ts';
import { issuerLines, issueText, keepLines, keyLines, limitLines, serialLines, setLines } from './attribute-lines.ts';
import { blockSentence, isWaiting } from './block-sentences.ts';
import { installs, isFollowing, issues } from './change-nature.ts';
import type { Detail } from './detail.ts';
import { differenceSentence, formatPlace } from './difference-sentences.ts';
import { effectLines, thenLines } from './effect-lines.ts';
import { fileLines } from './file-lines.ts';
import type { PlanContext } from './plan-context.ts';
import type { PlanIndex } from './plan-index.ts';
import { formatMinute } from './relative-time.ts';
import { validityText } from './validity-text.ts';

const detail = (label: string, lines: readonly string[], own = false): readonly Detail[] =>
  lines.length === 0 ? [] : [{ label, lines, own }];

/** All lines of a change, in the order people read them. */
export function changeDetails(change: Change, plan: Plan, index: PlanIndex, context: PlanContext): readonly Detail[] {
  const dated = issues(change) && !isFollowing(change);
  return [
    ...detail('because', becauseLines(change, plan, context)),
    ...certificateDetails(change, index),
    ...detail('key', keyLines(change)),
    ...detail('valid', dated ? [validityText(change, plan)] : []),
    ...detail('serial', dated ? serialLines(change) : []),
    ...detail('keep', keepLines(change)),
    ...fileLines(change, index, context),
    ...detail('effect', effectLines(change)),
    ...detail('then', thenLines(change), true),
    ...detail('blocked', blockedLines(change)),
  ];
}

/** A new certificate is told in full, a changed one by what changes. */
function certificateDetails(change: Change, index: PlanIndex): readonly Detail[] {
  const { before, after } = change;
  if (!after || !issues(change)) return [];
  if (!before) {
    return [
      ...detail(installs(change) ? 'install' : 'issue', [issueText(change, after, index)]),
      ...detail('sans', setLines([], after.names)),
      ...detail('usages', [after.usages.join(', ')]),
    ];
  }
  return [
    ...detail('subject', before.subject === after.subject ? [] : [`${before.subject}  ->  ${after.subject}`]),
    ...detail('issuer', issuerLines(change)),
    ...detail('sans', setLines(before.names, after.names)),
    ...detail('usages', setLines(before.usages, after.usages)),
    ...detail('limits', limitLines(before, after)),
  ];
}

function becauseLines(change: Change, plan: Plan, context: PlanContext): readonly string[] {
  const facts = { change, now: plan.evaluatedAt };
  const sentences = change.differences.map((difference) => `${differenceSentence(difference, facts)}${outsideText(difference, context)}`);
  return [...new Set(sentences)];
}

/** The moment of a chmod or chown is the status change: neither moves the time of modification. */
function outsideText({ code, origin, file }: Difference, { observed }: PlanContext): string {
  // Of what this user may not read nobody knows whether it changed.
  if (origin !== 'drift' || file === undefined || code === 'unreadable') return '';
  const found = observed.files.get(file);
  const status = found && found.state !== 'absent' ? found.status : undefined;
  return status ? `; changed outside certstate at ${formatMinute(status.changedAt)}` : '; changed outside certstate';
}

function blockedLines(change: Change): readonly string[] {
  const { blocked } = change;
  if (!blocked || isWaiting(change)) return [];
  return [`${blockSentence(blocked, change)}${blocked.place ? ` (${formatPlace(blocked.place)})` : ''}`];
}
