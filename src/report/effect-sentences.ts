/** What a change means beyond the files, one sentence each. */
import type { EffectCode } from '../domain/codes.ts';
import type { Effect } from '../domain/plan.ts';

/** `clients that connect to 192.168.206.9`: the label in front of a name says nothing to a client. */
const unlabelled = (names: string): string => names.replaceAll(/\b(?:DNS|IP|URI|email):/g, '');

// biome-ignore format: table
export const effectSentences: Readonly<Record<EffectCode, (detail: string) => string>> = {
  'new-trust-anchor':     (detail) => detail === 'create' ? 'new trust anchor' : 'NEW TRUST ANCHOR. Peers that hold only the old certificate reject every certificate that the new one signs',
  'trust-anchor-renewed': () => 'same key and subject: what it signed stays valid, and peers that hold the old certificate go on accepting it until that expires',
  'children-reissued':    (detail) => `reissues what it signed${detail ? `: ${detail}` : ''}`,
  'name-removed':         (detail) => `clients that connect to ${unlabelled(detail) || 'the removed name'} will fail verification`,
  'usage-removed':        (detail) => `peers that rely on ${detail || 'the removed usage'} will refuse it`,
  'subject-changed':      (detail) => `whoever authorises by subject no longer recognises it${detail ? `: ${detail}` : ''}`,
  'validity-clipped':     (detail) => `valid only as long as its issuer${detail ? `: until ${detail}` : ''}`,
  'key-was-exposed':      (detail) => `the private key was readable by others and may have been copied${detail ? `: ${detail}` : ''}`,
  'services-not-run':     () => 'services are shown, not run, by this version',
  'hard-link-detached':   (detail) => `other names of the same file keep the old content${detail ? `: ${detail}` : ''}`,
};

export const effectSentence = ({ code, detail }: Effect): string => effectSentences[code](detail);
