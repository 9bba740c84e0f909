/** Every sentence about a difference, side by side, so that one voice can be heard. A code without a sentence does not compile. */
import type { DifferenceCode } from '../domain/codes.ts';
import type { Place } from '../domain/diagnostic.ts';
import type { Change, Difference } from '../domain/plan.ts';
import { formatDuration, type Instant, parseInstant } from '../domain/time.ts';
import { formatDate, formatMinute, relativeTo } from './relative-time.ts';

/** What a sentence may need beside the difference itself. */
export interface SentenceFacts {
  readonly change: Change;
  readonly now: Instant;
}

type Sentence = (difference: Difference, facts: SentenceFacts) => string;

/** `pki.yaml:25`. */
export const formatPlace = (place: Place): string => `${place.file}:${place.line}`;

/** `private key is PKCS1, pki.yaml:18 says PKCS8`; without a place, what we would write. */
const states =
  (what: string): Sentence =>
  ({ observed, desired, place }) =>
    `${what} is ${observed ?? 'unknown'}, ${place ? `${formatPlace(place)} says ${desired ?? 'otherwise'}` : `not ${desired ?? 'what it should be'}`}`;

const setDiffers =
  (what: string): Sentence =>
  ({ place }) =>
    place ? `${what} differ from ${formatPlace(place)}` : `${what} are on disk that the desired state does not name`;

const ofFile =
  (what: string): Sentence =>
  ({ file, observed, desired }) =>
    `${what}${file ? ` of ${file}` : ''} is ${observed ?? 'unknown'}, not ${desired ?? 'what it should be'}`;

const atFile =
  (what: string, otherwise: string): Sentence =>
  ({ file, observed }) =>
    `${file ?? otherwise} ${what}${observed ? `: ${observed}` : ''}`;

const chainFile =
  (what: string, otherwise: string): Sentence =>
  (difference, facts) =>
    difference.origin === 'issuer'
      ? `${difference.file ?? otherwise} holds ${difference.becauseOf ?? difference.desired ?? 'an authority'}, which is to be issued anew`
      : atFile(what, otherwise)(difference, facts);

/** Names can be the same and keys not: then the name alone would say the opposite of what is meant. */
export const foundIssuer = ({ observed }: Difference, { after, before }: Change): string => {
  if (observed === undefined) return before?.issuer ?? 'another authority';
  return observed === after?.issuer ? `another ${observed}` : observed;
};

const masterPaths = ({ files }: Change): readonly string[] => files.filter(({ set }) => set === 0).map(({ path }) => path);

/** How long the window on disk is, from which line of the YAML, and when it opened. */
function windowOpened({ place, desired }: Difference, { change }: SentenceFacts): string {
  const length = change.renewBefore;
  const opened = desired && parseInstant(desired);
  const said = place && place.line !== change.place?.line ? `, ${formatPlace(place)}` : '';
  return `renewal window${length === null ? '' : ` (${formatDuration(length)}${said})`} opened${opened === undefined || opened === '' ? '' : ` ${formatDate(opened)}`}`;
}

/** `expires 2026-12-14 09:02Z (in 20 days)`, by what was observed, else by the certificate before the change. */
function ends(what: string, { observed }: Difference, { change, now }: SentenceFacts): string {
  const end = (observed === undefined ? undefined : parseInstant(observed)) ?? change.before?.notAfter;
  if (end === undefined || end === null || Number.isNaN(end)) return 'its end is a date that does not parse';
  return `${what} ${formatMinute(end)} (${relativeTo(end, now)})`;
}

// biome-ignore format: table
export const differenceSentences: Readonly<Record<DifferenceCode, Sentence>> = {
  'missing':             (_, { change }) => change.kind === 'ca' && masterPaths(change).length > 0 ? `${masterPaths(change).join(' and ')} do not exist` : 'key and certificate do not exist',
  'certificate-missing': ({ file }) => `${file ?? 'the certificate'} does not exist, its key does`,
  'private-key-missing': ({ file }) => `${file ?? 'the private key'} does not exist, its certificate does`,
  'key-mismatch':        () => 'certificate and key do not belong together',
  'foreign-authority':   ({ observed, desired }) => `another authority stands here: its key is ${shortHash(observed)}${desired ? `, the pinned one is ${shortHash(desired)}` : ', not the pinned one'}`,
  'provided-differs':    ({ observed, desired, file }) => `${file ?? 'the provided pair'} holds another authority (spki ${shortHash(desired)}) than the one installed (spki ${shortHash(observed)})`,
  'subject':             states('subject'),
  'dns-names':           setDiffers('DNS names'),
  'ip-addresses':        setDiffers('IP addresses'),
  'uris':                setDiffers('URIs'),
  'email-addresses':     setDiffers('e-mail addresses'),
  'other-names':         ({ removed }) => `it carries names of a kind the desired state has no word for${removed?.length ? `: ${removed.join(', ')}` : ''}`,
  'usages':              setDiffers('usages'),
  'basic-constraints':   ({ observed, desired }) => `basic constraints make it ${observed ?? 'something else'}, it should be ${desired ?? 'otherwise'}`,
  'path-length':         states('path length'),
  'name-constraints':    ({ place }) => place ? `name constraints differ from ${formatPlace(place)}` : 'it carries name constraints that the desired state does not name',
  'issuer':              (difference, { change }) => `it is signed by ${foundIssuer(difference, change)}, not by ${difference.becauseOf ?? difference.desired ?? change.issuer ?? 'its issuer'}`,
  'issuer-rekeyed':      ({ becauseOf }) => becauseOf ? 'its issuer gets a new key' : 'its issuer is to get a new key',
  'key-algorithm':       states('key'),
  'key-size':            states('key size'),
  // "expired" is also said of a date that does not parse: such a certificate is never taken as valid.
  'expired':             (difference, facts) => ends('it expired', difference, facts),
  'not-yet-valid':       ({ observed }, { change }) => `it is not valid before ${change.before?.notBefore ? formatMinute(change.before.notBefore) : (observed ?? 'a later time')}`,
  'renewal-due':         (difference, facts) => `${ends('expires', difference, facts)}; ${difference.overdue ? 'overdue: ' : ''}${windowOpened(difference, facts)}`,
  'requested-renew':     () => 'asked for with --renew',
  'requested-rekey':     () => 'asked for with --rekey',
  'key-encoding':        states('the encoding of the private key'),
  'certificate-order':   atFile('does not begin with the certificate', 'the certificate file'),
  'chain':               chainFile('does not hold the intermediates in order', 'the chain file'),
  'full-chain':          chainFile('does not hold the certificate and its intermediates in order', 'the full chain file'),
  'combined':            chainFile('does not hold the key, the certificate and its intermediates in order', 'the combined file'),
  'copy-missing':        ({ file }) => `the copy ${file ?? ''} does not exist`.replace('  ', ' '),
  'copy-content':        ({ file }) => `the copy ${file ?? ''} is not the same as the first file`.replace('  ', ' '),
  'certificate-mode':    ofFile('mode'),
  'private-key-mode':    ofFile('mode'),
  'certificate-owner':   ofFile('owner'),
  'private-key-owner':   ofFile('owner'),
  'certificate-group':   ofFile('group'),
  'private-key-group':   ofFile('group'),
  'no-longer-managed':   () => 'the desired state names it no longer; its files stay where they are',
  'unreadable':            atFile('cannot be read', 'a file'),
  'symlink':               atFile('is a symbolic link', 'a file'),
  'not-regular':           atFile('is not a regular file', 'a file'),
  'too-large':             atFile('is too large to be a key or a certificate', 'a file'),
  'empty':                 atFile('is empty', 'a file'),
  'unparsable':            atFile('holds something that cannot be parsed', 'a file'),
  'wrong-kind':            atFile('holds something of another kind', 'a file'),
  'encrypted':             atFile('is encrypted', 'a file'),
  'unsupported-algorithm': atFile('uses an algorithm that is not supported', 'a file'),
  'not-in-inventory':      atFile('is there, and the inventory does not say what is in it', 'a file'),
};

/** Twelve digits name a key well enough for a person. */
export const shortHash = (hash: string | null | undefined): string => (hash ? hash.replace(/^sha256:/, '').slice(0, 12) : 'unknown');

/** Why, in one sentence without a full stop. */
export const differenceSentence = (difference: Difference, facts: SentenceFacts): string =>
  differenceSentences[difference.code](difference, facts);
