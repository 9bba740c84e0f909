/** Whether each file holds what follows from the key and certificate that count: chains in order, copies the same. */
import type { FileRole } from '../domain/desired-state.ts';
import { holdsPrivateKey } from '../domain/desired-state.ts';
import type { FileContent, ObservedFile } from '../domain/observed-state.ts';
import { type CheckContext, certificateOf, type Found } from './check-context.ts';
import type { ViewedFile } from './set-view.ts';
import { heldBackLink, holdsChain, renewedLink, wantedChain } from './wanted-chain.ts';

export const findChain = (context: CheckContext): readonly Found[] => findInMaster(context, 'chain');
export const findFullChain = (context: CheckContext): readonly Found[] => findInMaster(context, 'fullChain');
export const findCombined = (context: CheckContext): readonly Found[] => findInMaster(context, 'combined');

/** A server sends the first certificate as its own (RFC 8446 §4.4.2): one of its issuers before it, and no peer accepts it. */
export function findCertificateOrder(context: CheckContext): readonly Found[] {
  const { desired, files } = context.view;
  const own = certificateOf(context);
  if (desired.kind !== 'cert' || !own) return [];
  return files.flatMap(({ desired: { role, path }, observed }) => {
    if (role !== 'certificate' || observed.state !== 'read') return [];
    const index = observed.content.certificates.findIndex(({ sha256 }) => sha256 === own.sha256);
    return index > 0 ? [{ file: path, observed: `it is certificate ${index + 1} of ${observed.content.certificates.length}` }] : [];
  });
}

/** A copy that is gone, or a file of the master whose content still stands elsewhere. */
export const findCopyMissing = (context: CheckContext): readonly Found[] => findInSets(context, 'absent');
/** A copy with other content, or a master that lost to a newer copy. */
export const findCopyContent = (context: CheckContext): readonly Found[] => findInSets(context, 'read');

const findInMaster = (context: CheckContext, role: FileRole): readonly Found[] =>
  context.view.files
    .filter(({ desired, set }) => set === 0 && desired.role === role)
    .flatMap((file) => {
      const found = judge(context, file);
      return found.length > 0 ? found : judgeLater(context, file);
    });

/** In order now, and to be written again with an authority that is issued anew once nothing holds that back. What is issued anew itself says so itself. */
function judgeLater(context: CheckContext, { desired, observed }: ViewedFile): readonly Found[] {
  const link = context.issuer?.replacementHeldBack ? undefined : heldBackLink(context);
  return link && observed.state === 'read' ? [{ file: desired.path, observed: describe(observed.content), becauseOf: link.address }] : [];
}

const findInSets = (context: CheckContext, state: ObservedFile['state']): readonly Found[] =>
  context.view.files
    .filter(({ desired, set, observed }) => observed.state === state && !(set === 0 && holdsChain(desired.role)))
    .flatMap((file) => judge(context, file));

/** Without both halves, and without all of a chain, there is nothing to put into a file; what is lacking is told elsewhere. */
function judge(context: CheckContext, { desired, observed }: ViewedFile): readonly Found[] {
  const { certificate, key } = context.view.reference;
  const { keepsKey } = context.view;
  if (observed.state === 'unreadable' || certificate.state === 'absent' || (keepsKey && key.state === 'absent')) return [];
  if (holdsChain(desired.role) && wantedChain(context) === undefined) return [];
  if (observed.state === 'absent') return [{ file: desired.path, observed: 'absent' }];
  if (!holdsKey(context, desired.role, observed.content)) return [{ file: desired.path, observed: describe(observed.content) }];
  if (holdsCertificates(context, desired.role, observed.content, wantedChain(context))) return [];
  const renewed = holdsChain(desired.role)
    ? renewedLink(context, (chain) => holdsCertificates(context, desired.role, observed.content, chain))
    : undefined;
  return [{ file: desired.path, observed: describe(observed.content), ...(renewed && { origin: 'issuer', desired: renewed.address }) }];
}

function holdsKey({ view }: CheckContext, role: FileRole, { keys }: FileContent): boolean {
  const { key } = view.reference;
  if (!holdsPrivateKey(role)) return keys.length === 0;
  return key.state === 'present' && keys.length === 1 && keys[0]?.spkiSha256 === key.facts.spkiSha256;
}

function holdsCertificates(
  context: CheckContext,
  role: FileRole,
  { certificates }: FileContent,
  chain: readonly (string | undefined)[] = [],
): boolean {
  const certificate = certificateOf(context)?.sha256;
  const hashes = certificates.map(({ sha256 }) => sha256);
  switch (role) {
    case 'privateKey':
      return hashes.length === 0;
    case 'certificate': {
      // Further certificates beside the one that counts are a fact, not a fault: copies hold them too, in any order.
      const beside = context.view.reference.inCertificateFile.map(({ facts }) => facts.sha256);
      const wanted = new Set(certificate !== undefined && beside.includes(certificate) ? beside : [certificate]);
      return new Set(hashes).size === wanted.size && hashes.every((hash) => wanted.has(hash));
    }
    case 'chain':
      return sameOrder(hashes, chain);
    case 'fullChain':
    case 'combined':
      return sameOrder(hashes, [certificate, ...chain]);
  }
}

const sameOrder = (left: readonly string[], right: readonly (string | undefined)[]): boolean =>
  left.length === right.length && left.every((hash, index) => hash === right[index]);

const describe = ({ certificates, keys }: FileContent): string =>
  [keys.length > 0 && 'a key', `${certificates.length} ${certificates.length === 1 ? 'certificate' : 'certificates'}`]
    .filter(Boolean)
    .join(' and ');
