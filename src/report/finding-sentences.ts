/** Every sentence about a finding, and what a person can do about those that a command helps with. */
import type { DifferenceCode, FindingCode, StandingCode } from '../domain/codes.ts';
import type { Change, Difference, Finding } from '../domain/plan.ts';
import { formatInstant, type Instant } from '../domain/time.ts';
import { differenceSentences } from './difference-sentences.ts';

/** How a sentence calls its resource: by its address, or not at all where the address stands beside it. */
interface Calling {
  /** `ca/etcd ends soon`, or `ends soon`. */
  readonly is: string;
  /** `ca/etcd: its key is too weak`, or `its key is too weak`. */
  readonly about: string;
  /** `the key of ca/etcd`, or `its key`. */
  readonly of: (what: string, article?: string) => string;
  readonly oneFile: string;
}

type Sentence = (detail: string, calling: Calling) => string;

const byAddress = (address: string): Calling => ({
  is: `${address} `,
  about: `${address}: `,
  of: (what, article = 'the ') => `${article}${what} of ${address}`,
  oneFile: `a file of ${address}`,
});
const unnamed: Calling = { is: '', about: '', of: (what) => `its ${what}`, oneFile: 'one of its files' };

const about =
  (what: string): Sentence =>
  (detail, it) =>
    `${it.about}${what}${detail === '' || detail === 'missing' || detail === 'not critical' ? '' : ` (${detail})`}`;

// biome-ignore format: table
const standing: Readonly<Record<StandingCode, Sentence>> = {
  'issuer-ends-first':      (detail, it) => `${it.is}ends before a new certificate would help: nothing is done about ${detail || 'what it signed'}`,
  'expiring':               (detail, it) => `${it.is}ends${detail === '' ? ' soon' : ` ${detail}`}, and nothing renews it by itself`,
  'due-within':             (detail, it) => `${it.is}becomes due${detail === '' ? '' : ` ${detail}`}, within the time that was asked for`,
  'outlives-issuer':        (detail, it) => `${it.is}outlives its issuer${detail === '' ? '' : `: it ends ${detail.replace(' after ', ', its issuer ')}`}`,
  'key-exposed':            (_, it) => `${it.of('private key')} was readable by every local user`,
  'external-key-present':   (_, it) => `${it.is}is external, and yet its key is on this machine`,
  'not-here':               (detail, it) => `${it.of('copies', '')} are not here: ${detail || 'their folder'} is not mounted`,
  'absent-optional':        (_, it) => `${it.is}is optional and absent`,
  'authority-key-absent':   (_, it) => `${it.of('key')} is not on this machine: what it signed stays good, nothing more can be signed`,
  'hard-linked':            (detail, it) => `${it.oneFile} has ${detail || 'several names'}: they come apart when it is replaced`,
  'owner-not-target':       (detail, it) => `${it.of('owners', '')}${detail === '' ? '' : ` (${detail})`} are neither compared nor set here`,
  'serial-duplicate':       (detail, it) => `${it.is}has the same serial number as ${detail || 'another certificate of its issuer'}`,
  'several-generations':    (detail, it) => `${it.of('file')} holds ${detail || 'several certificates'}`,
  'service-stale':          (detail, it) => `${it.of('certificate')} on disk is not the one that is served${detail === '' ? '' : `: ${detail}`}`,
  'service-unreachable':    (detail, it) => `${it.about}it could not be seen what is served${detail === '' ? '' : ` (${detail})`}`,
  'unreadable-for-service': (detail, it) => `${it.of('private key')} cannot be read by the service that needs it${detail === '' ? '' : `: ${detail}`}`,
  'accept-unused':          (detail, it) => `${it.is}tolerates ${detail || 'a finding'}, which is not found`,
  'on-hold':                (detail, it) => `${it.is}is on hold${detail === '' ? '' : ` ${detail}`}`,
  'unsafe-folder':          (detail, it) => `others can write on the way to ${it.of('files', '')}${detail === '' ? '' : `: ${detail}`}`,
  'signature-weak':                  about('its signature uses a broken hash'),
  'key-weak':                        about('its key is too weak'),
  'serial-weak':                     about('its serial number is not a random positive number of at most 20 octets'),
  'malformed':                       about('it is not well formed'),
  'unknown-critical-extension':      about('a critical extension that verifiers do not know makes them refuse it'),
  'alternative-names-absent':        (_, it) => `${it.about}it has no subject alternative name, so clients find no name to verify`,
  'alternative-names-not-critical':  about('its subject is empty, so its alternative names must be critical'),
  'name-malformed':                  about('a name in it is not well formed'),
  'authority-key-identifier':        about('its authority key identifier is missing or names another key'),
  'subject-key-identifier':          about('it has no subject key identifier'),
  'basic-constraints-not-critical':  about('its basic constraints are not critical'),
  'basic-constraints-absent':        about('nothing in it says that it is an authority'),
  'key-usage-absent':                about('it has no key usage'),
  'key-usage-not-critical':          about('its key usage is not critical'),
  'key-usage-of-leaf':               about('it may sign certificates, and is no authority'),
  'key-usage-of-authority':          about('its key usage does not let it sign certificates'),
  'extended-key-usage-absent':       about('it has no extended key usage, so it may serve for anything'),
  'leaf-is-authority':               about('it is used as a leaf, and says that it is an authority'),
  'self-named':                      about('it has the same name as its issuer, and another key'),
  'validity-inverted':               about('it ends before it begins'),
  'validity-malformed':              about('a date in it does not parse'),
  'validity-long':                   about('it is valid for longer than its key can be trusted to stay unbroken'),
  'extended-key-usage-of-authority': about('it restricts what it signs to some usages, and some verifiers hold its children to that'),
  'key-algorithm-limited':           about('not every verifier knows the algorithm of its key'),
  'key-unsupported':                 about('the algorithm of its key is not known here'),
  'path-length-violated':            about('it is an authority below one that allows none below it'),
  'name-constraints-violated':       about('a name in it is outside what its issuer may sign'),
};

const isStanding = (code: StandingCode | DifferenceCode): code is StandingCode => Object.hasOwn(standing, code);

/** What was found, in one sentence without a full stop, naming the resource. */
export const findingSentence = (finding: Finding, change: Change, now: Instant): string =>
  sentenceFor(finding, change, now, byAddress(change.address));

/** The same beside the address of its resource. */
export const findingPhrase = (finding: Finding, change: Change, now: Instant): string =>
  sentenceFor(finding, change, now, {
    ...unnamed,
    ...(finding.file !== undefined && { oneFile: finding.file }),
  });

function sentenceFor({ code, detail, file, since, overdue }: Finding, change: Change, now: Instant, calling: Calling): string {
  if (isStanding(code)) return standing[code](detail, calling);
  const difference: Difference = {
    code,
    origin: 'drift',
    path: [],
    observed: detail === '' ? undefined : detail,
    ...(since !== undefined && { desired: formatInstant(since) }),
    overdue,
    file,
    forces: null,
  };
  return `${calling.about}${differenceSentences[code](difference, { change, now })}`;
}

/** What is worth knowing, and what to type, beside the sentence. */
export interface FindingAdvice {
  readonly note?: string;
  readonly help: string;
}

const rekey = ({ address, kind }: Change): string => `certstate apply --rekey ${address}${kind === 'ca' ? ` --confirm ${address}` : ''}`;
/** Keeps key and subject, and so needs no confirmation. */
const renew = ({ address }: Pick<Change, 'address'>): string => `certstate apply --renew ${address}`;

/** Of the findings that a command mends; the others have their `explain`. */
// biome-ignore format: table
const advice: { readonly [Code in FindingCode]?: (change: Change) => FindingAdvice } = {
  'key-exposed':       (change) => ({ note: 'restoring the mode does not undo a copy that was made meanwhile', help: `if it may have leaked: ${rekey(change)}` }),
  'expiring':          (change) => ({ note: 'a renewal keeps key and subject, so what it signed stays valid', help: renew(change) }),
  'issuer-ends-first': (change) => ({ note: 'no certificate is issued that outlives its issuer', help: renew(change) }),
  'outlives-issuer':   (change) => ({ help: change.issuer ? renew({ address: change.issuer }) : 'certstate explain outlives-issuer' }),
  'signature-weak':    (change) => ({ help: renew(change) }),
  'key-weak':          (change) => ({ help: rekey(change) }),
  'accept-unused':     () => ({ help: 'remove it from the YAML, so that it hides nothing later' }),
  'due-within':        (change) => ({ help: renew(change) }),
  'service-stale':          () => ({ help: 'certstate apply reloads it, and once more; where that does not help, see what its log says and reload it by hand' }),
  'service-unreachable':    () => ({ help: 'start the service if it should run, or correct its probe' }),
  'unreadable-for-service': () => ({ help: 'correct mode, owner or group of the files in the YAML, or of the folder' }),
};

export const findingAdvice = (code: FindingCode, change: Change): FindingAdvice =>
  advice[code]?.(change) ?? { help: `certstate explain ${code}` };
