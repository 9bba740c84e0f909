/** Why a condition stands, in words that stay true while nothing changes. */
import type { Change } from '../domain/plan.ts';
import type { Instant } from '../domain/time.ts';
import type { Found } from '../domain/verdict.ts';
import { wordsOf } from './check-lines.ts';
import { formatMinute } from './relative-time.ts';
import { withheld } from './withhold-secrets.ts';

/** Beside the address. Lengths of time until an end would be other ones tomorrow: the end itself is said. */
export function conditionReason(about: Found, now: Instant): { readonly reason: string; readonly hint: string } {
  const { phrase, hint } = wordsOf(about, now);
  return { reason: withheld(endPhrase(about) ?? `${withoutClock(phrase)}${exposedFile(about)}`), hint: withheld(hint) };
}

type Ending = 'expired' | 'renewal-due';

const endWords: Readonly<Record<Ending, (end: string) => string>> = {
  expired: (end) => `expired ${end}`,
  'renewal-due': (end) => `expires ${end}, and was not renewed although a third of its renewal window is gone`,
};

function endPhrase(about: Found): string | undefined {
  if ('diagnostic' in about) return undefined;
  const { code } = 'difference' in about ? about.difference : 'finding' in about ? about.finding : about.blocked;
  return code === 'expired' || code === 'renewal-due' ? endWords[code](endOf(about.change)) : undefined;
}

const endOf = ({ before }: Change): string =>
  before === null || before.notAfter === null ? 'at a time that is not known' : formatMinute(before.notAfter);

/** Which file, and how wide: the finding itself names neither. */
function exposedFile(about: Found): string {
  if (!('finding' in about) || about.finding.code !== 'key-exposed') return '';
  const { file, detail } = about.finding;
  return ` (${[file, detail].filter(Boolean).join(', ')})`;
}

/** A clock that is behind is said with what it shows, which is another time at every look; what speaks against it stays. */
const withoutClock = (phrase: string): string => phrase.replace(/\bit says \d{4}-\d{2}-\d{2}T[\d:]+Z, and /, '');
