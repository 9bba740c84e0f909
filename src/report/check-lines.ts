/** The lines of a verdict in words: what text, JSON and every report format of `check` are made of. */
import type { Place } from '../domain/diagnostic.ts';
import { type Action, type Change, isPending } from '../domain/plan.ts';
import { formatDay, formatInstant, type Instant } from '../domain/time.ts';
import type { Found, VerdictLine } from '../domain/verdict.ts';
import { blockSentence } from './block-sentences.ts';
import { sinceText } from './condition-words.ts';
import { differenceSentence } from './difference-sentences.ts';
import { findingAdvice, findingPhrase, findingSentence } from './finding-sentences.ts';
import { withFlags } from './plan-context.ts';
import { withheld, withoutSecrets } from './withhold-secrets.ts';

export interface CheckLine extends Pick<VerdictLine, 'code' | 'severity' | 'failClass' | 'fails'> {
  /** `cert/etcd-server`, `service/etcd`; null where it concerns the host as a whole. */
  readonly address: string | null;
  /** Stands alone: names the thing. */
  readonly sentence: string;
  /** The same beside the address of its resource. */
  readonly phrase: string;
  /** What to do. */
  readonly hint: string;
  /** The line of YAML that it is pinned to. */
  readonly place: Place | undefined;
  /** The file on the host in which it was seen. */
  readonly file: string | undefined;
  /** Tolerated, why, and until when: a day to its end, or an instant. */
  readonly accepted: { readonly reason: string; readonly until: string; readonly untilInstant: Instant } | undefined;
}

export interface CheckWords {
  readonly now: Instant;
  /** The options that say which PKI is meant, as they were given: commands to be typed next need them too. */
  readonly flags?: readonly string[] | undefined;
}

export const checkLines = (lines: readonly VerdictLine[], words: CheckWords): readonly CheckLine[] =>
  lines.map(({ code, severity, failClass, fails, accepted, about }) => {
    const said = wordsOf(about, words.now);
    return {
      code,
      severity,
      failClass,
      fails,
      ...said,
      hint: withFlags(said.hint, words.flags),
      accepted: accepted && { reason: withheld(accepted.reason), until: formatUntil(accepted.until), untilInstant: accepted.until },
    };
  });

/** A day is meant to its end: that is how it was read, and how it is written again. */
const formatUntil = (until: Instant): string => (formatInstant(until).endsWith('T23:59:59Z') ? formatDay(until) : formatInstant(until));

export type Said = Pick<CheckLine, 'address' | 'sentence' | 'phrase' | 'hint' | 'place' | 'file'>;

/** What is said of one thing that was found. */
export function wordsOf(about: Found, now: Instant): Said {
  if ('diagnostic' in about) {
    const { message, hint, address, place, file } = withoutSecrets(about.diagnostic);
    const phrase = address !== undefined && message.startsWith(`${address} `) ? message.slice(address.length + 1) : message;
    // Nobody has seen it end: it stands as it was last seen.
    const since = about.standing ? `, ${sinceText(about.standing, now)}` : '';
    return { address: address ?? null, sentence: `${message}${since}`, phrase: `${phrase}${since}`, hint, place, file };
  }
  const { change } = about;
  const { address } = change;
  if ('finding' in about) {
    const { finding } = about;
    return {
      address,
      sentence: findingSentence(finding, change, now),
      phrase: findingPhrase(finding, change, now),
      hint: findingAdvice(finding.code, change).help,
      place: finding.place ?? change.place ?? undefined,
      file: finding.file,
    };
  }
  const phrase = 'difference' in about ? differenceSentence(about.difference, { change, now }) : blockSentence(about.blocked, change);
  const { place, file } = 'difference' in about ? about.difference : { place: about.blocked.place, file: undefined };
  return { address, sentence: `${address}: ${phrase}`, phrase, hint: wayOut(change), place: place ?? change.place ?? undefined, file };
}

// biome-ignore format: table
const done: Readonly<Record<Action, string>> = {
  create: 'creates it', renew: 'renews it', reissue: 'issues it again', rekey: 'gives it a new key', fix: 'puts it right',
  forget: 'forgets it, and leaves its files where they are', delete: 'removes its files', noop: 'leaves it as it is',
};

/** What applies the change that answers a difference, or where it says why nothing does. */
function wayOut(change: Change): string {
  if (isPending(change)) return `certstate apply ${done[change.action]}`;
  if (change.blocked === null) return `certstate show ${change.address}`;
  return change.blocked.confirm === null
    ? `certstate explain ${change.blocked.code}`
    : `certstate apply --confirm ${change.blocked.confirm}`;
}
