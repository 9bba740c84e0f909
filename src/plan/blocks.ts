/**
 * What holds a change back: a table of reasons, the first that holds is the one that is told.
 * A blocked change stops its resource and what depends on it, nothing else.
 */
import type { ReadProblem } from '../domain/codes.ts';
import type { Blocked, FileChange } from '../domain/plan.ts';
import type { ManifestEntry, Records } from '../domain/records.ts';
import { formatSubject } from '../domain/subject.ts';
import { formatInstant, later } from '../domain/time.ts';
import { type CheckContext, isIssuedHere } from './check-context.ts';
import { clockTolerance } from './defaults.ts';
import { findFolderBlock, findOwnerBlock } from './host-blocks.ts';
import { type ProvidedPair, providedFaults } from './provided-checks.ts';
import { issues, type Remedy } from './remedies.ts';

export interface BlockContext extends CheckContext {
  readonly action: Remedy;
  readonly codes: ReadonlySet<string>;
  readonly records: Records;
  readonly entry: ManifestEntry | undefined;
  readonly provided: ProvidedPair;
  readonly newKey: boolean;
  readonly trustAnchor: boolean;
  readonly files: readonly FileChange[];
  readonly confirmed: boolean;
}

type BlockRule = (context: BlockContext) => Blocked | null;

/** Without consent nothing is known about these; they may hold anything. */
const unknowable: ReadonlySet<ReadProblem> = new Set([
  'unreadable',
  'symlink',
  'not-regular',
  'too-large',
  'encrypted',
  'unsupported-algorithm',
]);

const block = (by: Blocked['by'], code: Blocked['code'], detail: string, confirm: Blocked['confirm'] = null): Blocked => ({
  by,
  code,
  detail,
  confirm,
});

const rules: readonly BlockRule[] = [
  unreadableFile,
  foreignContent,
  disagreement,
  pinnedKey,
  lostAuthority,
  unavailableProvided,
  unissuableAuthority,
  keyOfUnknownOrigin,
  tornAuthority,
  issuerRefuses,
  (context) => (context.action !== 'none' ? findOwnerBlock(context) : null),
  (context) => (context.action !== 'none' ? findFolderBlock(context) : null),
  clockBehind,
  unconfirmed,
];

/** The first reason not to carry the change out, or null. */
export function findBlock(context: BlockContext): Blocked | null {
  if (context.view.desired.manage === 'observe') return null;
  for (const rule of rules) {
    const found = rule(context);
    if (found) return found;
  }
  return null;
}

function unreadableFile({ view }: BlockContext): Blocked | null {
  const file = view.problems.find(({ observed }) => unknowable.has(observed.problem));
  return file ? block('unreadable', file.observed.problem, `${file.desired.path}: ${file.observed.cause}`) : null;
}

/** Garbage where we never wrote may be somebody's only copy of something. An authority's is never overwritten. */
function foreignContent({ view, entry, confirmed }: BlockContext): Blocked | null {
  const { kind, address } = view.desired;
  const file = view.problems.find(({ desired }) => kind === 'ca' || !(entry?.written[desired.path] !== undefined || confirmed));
  return file
    ? block('not-ours', file.observed.problem, `${file.desired.path}: ${file.observed.cause}`, kind === 'ca' ? null : address)
    : null;
}

function disagreement({ view }: BlockContext): Blocked | null {
  return view.disagree ? block('conflict', 'copies-disagree', view.disagree.join(' and ')) : null;
}

function pinnedKey({ codes, view }: BlockContext): Blocked | null {
  return codes.has('foreign-authority') ? block('not-ours', 'pinned-key-differs', view.desired.address) : null;
}

/** Not mounted, not carried here yet, or lost: inventing another would cut off everything that trusts it. */
function lostAuthority({ view, action, index, provided }: BlockContext): Blocked | null {
  const { desired } = view;
  if (desired.kind !== 'ca' || action !== 'create') return null;
  if (
    desired.fingerprint !== undefined &&
    !(provided.state === 'read' && provided.certificate.publicKey.spkiSha256 === desired.fingerprint)
  ) {
    return block('authority-lost', 'authority-lost', `its pin names sha256:${desired.fingerprint.slice(0, 12)}`);
  }
  if (provided.state === 'read') return null;
  const children = index.issuedUnder(formatSubject(desired.subject)).filter((address) => address !== desired.address);
  return children.length > 0
    ? block('authority-lost', 'authority-lost', `${children.join(', ')} ${children.length === 1 ? 'was' : 'were'} issued under its name`)
    : null;
}

function unavailableProvided({ view, action, provided, now }: BlockContext): Blocked | null {
  const { desired } = view;
  if (desired.kind !== 'ca' || !desired.provided || !issues(action)) return null;
  if (provided.state === 'unreadable') return block('host', 'provided-unreadable', `${provided.path}: ${provided.cause}`);
  if (provided.state === 'gone') return block('host', 'provided-unreadable', `${desired.provided.certificate} does not exist`);
  const faults = providedFaults(provided, desired, now);
  return faults.length > 0 ? block('host', 'provided-invalid', `${provided.certificatePath}: ${faults.join('; ')}`) : null;
}

/** Nothing to install and no key to issue with: it must come from where it is kept. */
function unissuableAuthority({ view, action, codes, provided }: BlockContext): Blocked | null {
  if (isIssuedHere(view.desired) || !issues(action)) return null;
  const requested = codes.has('requested-renew') || codes.has('requested-rekey');
  return requested || provided.state !== 'read' ? block('issuer', 'external-authority', view.desired.address) : null;
}

function keyOfUnknownOrigin({ view, codes, confirmed, provided }: BlockContext): Blocked | null {
  const { kind, address } = view.desired;
  if (kind !== 'ca' || !codes.has('certificate-missing') || confirmed || provided.state === 'read') return null;
  return block(
    'not-ours',
    'key-of-unknown-origin',
    view.reference.key.state === 'present' ? view.reference.key.path : address,
    address as Blocked['confirm'],
  );
}

function tornAuthority({ view, codes, confirmed }: BlockContext): Blocked | null {
  const { kind, address } = view.desired;
  return kind === 'ca' && codes.has('key-mismatch') && !confirmed
    ? block('not-ours', 'authority-pair-mismatch', address, address as Blocked['confirm'])
    : null;
}

function issuerRefuses({ view, action, issuer, codes, provided }: BlockContext): Blocked | null {
  if (!issuer || !issues(action) || provided.state === 'read') return null;
  if (codes.has('issuer-rekeyed') && issuer.replacementHeldBack) return block('waits', 'issuer-blocked', issuer.address);
  const { refusal } = issuer;
  return refusal
    ? block(refusal.by, refusal.code, view.desired.issuer === refusal.detail ? refusal.detail : `${issuer.address}: ${refusal.detail}`)
    : null;
}

/** Backwards only: a certificate dated by a clock that lags is not yet valid anywhere else. */
function clockBehind({ action, records, options, now }: BlockContext): Blocked | null {
  if (!issues(action) || options.acceptClock || records.highWater === null || later(now, clockTolerance) >= records.highWater) return null;
  return block('time', 'clock-behind', `it says ${formatInstant(now)}, and something was issued at ${formatInstant(records.highWater)}`);
}

/** Nobody but a person creates or replaces a trust anchor; a protected leaf keeps its key until a person says otherwise. */
function unconfirmed({ view, action, newKey, trustAnchor, confirmed }: BlockContext): Blocked | null {
  const { desired, reference } = view;
  if (confirmed) return null;
  if (desired.kind === 'ca')
    return action === 'create' || trustAnchor ? block('protect', 'needs-confirmation', desired.address, desired.address) : null;
  const replacesKey = newKey && reference.key.state === 'present' && action === 'rekey';
  return desired.protect && replacesKey
    ? { ...block('protect', 'protected', desired.address, desired.address), place: desired.places.get('protect') ?? desired.place }
    : null;
}
