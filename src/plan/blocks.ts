/**
 * What holds a change back: a table of reasons, the first that holds is the one that is told; last of all the consents,
 * so that nobody is asked for what cannot be done anyway. A blocked change stops its resource and what depends on it, nothing else.
 */
import type { DifferenceCode } from '../domain/codes.ts';
import type { Address } from '../domain/names.ts';
import type { ObservedFile } from '../domain/observed-state.ts';
import type { Blocked } from '../domain/plan.ts';
import { asFound, type ManifestEntry } from '../domain/records.ts';
import { type BlockContext, type BlockRule, block } from './block-context.ts';
import { isIssuedHere } from './check-context.ts';
import { clockDoubt } from './clock-doubt.ts';
import { consentFor } from './consents.ts';
import { desiredHash } from './desired-hash.ts';
import { findFolderBlock, findNoFolder, findOwnerBlock } from './host-blocks.ts';
import { isUnknowable } from './problem-checks.ts';
import { providedFaults } from './provided-checks.ts';
import { issues } from './remedies.ts';
import { brokenLink, writesChain } from './wanted-chain.ts';

const rules: readonly BlockRule[] = [
  findNoFolder,
  unknowableFile,
  garbageOfAuthority,
  disagreement,
  pinnedKey,
  lostAuthority,
  unissuableAuthority,
  unavailableProvided,
  keylessAuthority,
  clockInDoubt,
  issuerRefuses,
  notConverging,
  chainWaits,
  brokenChain,
  findOwnerBlock,
  findFolderBlock,
];

/** The first reason not to carry the change out, or null. */
export function findBlock(context: BlockContext): Blocked | null {
  const { desired } = context.view;
  if (desired.manage === 'observe') return null;
  for (const rule of rules) {
    const found = rule(context);
    if (found) return found;
  }
  return context.options.confirm.includes(desired.address) ? null : consentFor(context);
}

function unknowableFile({ view }: BlockContext): Blocked | null {
  const file = view.problems.find(({ observed }) => isUnknowable[observed.problem]);
  return file ? block('unreadable', file.observed.problem, `${file.desired.path}: ${file.observed.cause}`) : null;
}

/** In the place of an authority even garbage is left alone: what it was, only a person can find out. */
function garbageOfAuthority({ view }: BlockContext): Blocked | null {
  const file = view.desired.kind === 'ca' ? view.problems[0] : undefined;
  return file ? block('not-ours', file.observed.problem, `${file.desired.path}: ${file.observed.cause}`) : null;
}

function disagreement({ view }: BlockContext): Blocked | null {
  return view.disagree ? block('conflict', 'copies-disagree', view.disagree.join(' and ')) : null;
}

/** Another key than the pinned one stands here, or would be made. */
function pinnedKey({ codes, view, newKey, action, provided }: BlockContext): Blocked | null {
  const { desired } = view;
  const pin = desired.kind === 'ca' ? desired.fingerprint : undefined;
  const wouldDiffer = pin !== undefined && newKey && action !== 'create' && provided.state !== 'read';
  return codes.has('foreign-authority') || wouldDiffer ? block('not-ours', 'pinned-key-differs', desired.address) : null;
}

/** Not mounted, not carried here yet, or lost: inventing another would cut off everything that trusts it. */
function lostAuthority({ view, action, index, provided }: BlockContext): Blocked | null {
  const { desired } = view;
  if (desired.kind !== 'ca' || action !== 'create' || provided.state === 'read') return null;
  const lost = (detail: string) => block('authority-lost', 'authority-lost', detail);
  if (desired.fingerprint !== undefined) return lost(`its pin names sha256:${desired.fingerprint.slice(0, 12)}`);
  const others = (addresses: readonly Address[]) => addresses.filter((address) => address !== desired.address);
  const children = others(index.issuedUnder(desired.subject));
  if (children.length > 0) return lost(`${someOf(children)} ${children.length === 1 ? 'was' : 'were'} issued under its name`);
  const hidden = others(index.hiddenBelow(desired.address));
  return hidden.length > 0 ? lost(`${someOf(hidden)} cannot be read, and may have been issued under its name`) : null;
}

const someOf = (addresses: readonly Address[]): string =>
  addresses.length <= 5 ? addresses.join(', ') : `${addresses.slice(0, 4).join(', ')} and ${addresses.length - 4} more`;

function unavailableProvided(context: BlockContext): Blocked | null {
  const { view, action, provided } = context;
  const { desired } = view;
  if (desired.kind !== 'ca' || !desired.provided || !issues(action)) return null;
  const { place } = desired.provided;
  switch (provided.state) {
    case 'none':
    case 'gone':
      return block('host', 'provided-unreadable', `${desired.provided.certificate} does not exist`, place);
    case 'unreadable':
      return block('host', 'provided-unreadable', `${provided.path}: ${provided.cause}`, place);
    case 'read': {
      const faults = providedFaults(provided, desired, context);
      return faults.length > 0 ? block('host', 'provided-invalid', `${provided.certificatePath}: ${faults.join('; ')}`, place) : null;
    }
  }
}

/** Nothing to install and no key to issue with: it must come from where it is kept. */
function unissuableAuthority({ view, action, codes, provided }: BlockContext): Blocked | null {
  if (isIssuedHere(view.desired) || !issues(action)) return null;
  const requested = codes.has('requested-renew') || codes.has('requested-rekey');
  return requested || provided.state === 'none' ? block('issuer', 'external-authority', view.desired.address) : null;
}

/** New dates or limits under the old key need that key; a new key is made only where one was asked for. */
function keylessAuthority({ view, action, newKey, provided }: BlockContext): Blocked | null {
  const { desired, reference, keepsKey } = view;
  const needsKey = desired.kind === 'ca' && keepsKey && issues(action) && !newKey && provided.state !== 'read';
  return needsKey && reference.key.state === 'absent' ? block('issuer', 'issuer-key-absent', desired.address) : null;
}

function issuerRefuses({ view, action, issuer, codes, provided }: BlockContext): Blocked | null {
  if (!issuer || !issues(action) || provided.state === 'read') return null;
  if (codes.has('issuer-rekeyed') && issuer.replacementHeldBack) return block('waits', 'issuer-blocked', issuer.address);
  const { refusal } = issuer;
  if (!refusal) return null;
  return block(
    refusal.by,
    refusal.code,
    refusal.detail === '' ? issuer.address : `${issuer.address}: ${refusal.detail}`,
    view.desired.places.get('issuer'),
  );
}

/** Chains that follow an authority, in order until that is issued anew. */
function chainWaits({ waitsFor }: BlockContext): Blocked | null {
  return waitsFor === undefined ? null : block('waits', 'issuer-blocked', waitsFor);
}

/** A file that needs the whole chain is not written without a part of it. */
function brokenChain(context: BlockContext): Blocked | null {
  const { action, files, provided } = context;
  const link = writesChain(files) && provided.state !== 'read' ? brokenLink(context, issues(action)) : undefined;
  if (!link) return null;
  const { address, current } = link.issuer;
  return current
    ? block('issuer', 'issuer-mismatch', `${address}: what is below it was signed by another`)
    : block('issuer', 'issuer-absent', address);
}

/** Before what is said of issuers: to a wrong clock they are not yet valid, or no longer. */
function clockInDoubt({ action, records, options, now }: BlockContext): Blocked | null {
  const doubt = issues(action) ? clockDoubt(records, options, now) : undefined;
  return doubt ? block('time', doubt.code, doubt.detail) : null;
}

/** What the files of a resource say of themselves: whoever writes them anew from the same YAML can put it right, or has a fault. */
const ownContent: ReadonlySet<DifferenceCode> = new Set<DifferenceCode>([
  ...(['subject', 'dns-names', 'ip-addresses', 'uris', 'email-addresses', 'other-names', 'usages'] as const),
  ...(['basic-constraints', 'path-length', 'name-constraints', 'key-algorithm', 'key-size', 'key-mismatch'] as const),
]);

/** It was issued for this very difference, nobody has touched what was written, the YAML says the same, and it differs again: no third time unasked. */
function notConverging({ view, action, codes, entry }: BlockContext): Blocked | null {
  const asked = codes.has('requested-renew') || codes.has('requested-rekey');
  if (!issues(action) || asked || !entry?.issuedFor || entry.desired !== desiredHash(view.desired)) return null;
  const again = entry.issuedFor.filter((code) => ownContent.has(code) && codes.has(code));
  const untouched = view.files.every(({ observed }) => isAsWritten(observed, entry));
  return again.length > 0 && untouched ? block('not-converging', 'not-converging', again.join(', ')) : null;
}

function isAsWritten(observed: ObservedFile, { written }: ManifestEntry): boolean {
  const known = written[observed.path];
  return observed.state === 'read' && known !== undefined && (known === asFound || known === observed.sha256);
}
