/** What a change means beyond the files, one sentence each. */
import type { EffectCode } from '../domain/codes.ts';
import type { Change, Effect } from '../domain/plan.ts';

/** `clients that connect to 192.168.206.9`: the label in front of a name says nothing to a client. */
const unlabelled = (names: string): string => names.replaceAll(/\b(?:DNS|IP|URI|email):/g, '');

type Sentence = (detail: string, change: Pick<Change, 'action'>) => string;

const and =
  (what: string): Sentence =>
  (detail) =>
    detail === '' ? what : `${what}: ${detail}`;

/** `detail` may join those of several effects of the same kind, by commas. */
// biome-ignore format: table
export const effectSentences: Readonly<Record<EffectCode, Sentence>> = {
  'new-trust-anchor':     (_, { action }) => action === 'create' ? 'new trust anchor: nobody trusts it until its certificate is carried to them' : 'NEW TRUST ANCHOR: whoever still holds the old certificate rejects every certificate issued below it; copies on other hosts are out of sight from here',
  'trust-anchor-renewed': () => 'same key and subject: everything it signed stays valid, and whoever holds the old certificate may keep it until that expires',
  'children-reissued':    and('reissues what it signed'),
  'name-removed':         (detail) => `clients that connect to ${unlabelled(detail) || 'the removed name'} will fail verification`,
  'usage-removed':        (detail) => `peers that need ${detail || 'the removed usage'} will refuse it`,
  'subject-changed':      and('whoever authorises it by its subject no longer knows it; it was'),
  'validity-clipped':     (detail) => `shorter than asked: no certificate outlives its issuer${detail === '' ? '' : `, which ends ${detail}`}`,
  'key-was-exposed':      and('the private key was readable by others and may have been copied'),
  'services-not-run':     (detail) => `shown, not run${detail === '' ? '' : ` ${detail}`}`,
  'protection-yields':    and('its certificate runs out, so it is renewed in spite of what would hold it back'),
  'hard-link-detached':   and('other names of the same file keep its old content'),
};

export const effectSentence = ({ code, detail }: Effect, change: Pick<Change, 'action'>): string => effectSentences[code](detail, change);
