/** The intermediates that follow a certificate in its files: nearest first, no root, each the one that signed the certificate before it. */
import type { FileRole } from '../domain/desired-state.ts';
import type { FileChange } from '../domain/plan.ts';
import { type CheckContext, signerOf } from './check-context.ts';
import { chainBelow, type IssuerOutcome } from './issuer-outcome.ts';

type Context = Pick<CheckContext, 'view' | 'issuer' | 'observed'>;

export interface Link {
  readonly issuer: IssuerOutcome;
  /** The content hash of its certificate, `new` for one that this plan issues, undefined where it is unknown. */
  readonly certificate: string | undefined;
}

/** The chain of the certificate on disk; undefined where one of its links is unknown, so that nothing can be told or put right. */
export function wantedChain(context: Context): readonly string[] | undefined {
  const hashes = linksOf(context, signerOf(context)).map(({ certificate }) => certificate);
  return hashes.every((hash) => hash !== undefined) ? hashes : undefined;
}

/** The authority that this plan issues anew, where a chain is in order but for that: what has to be written then is no drift. */
export function renewedLink(context: Context, isInOrder: (chain: readonly (string | undefined)[]) => boolean): IssuerOutcome | undefined {
  const links = linksOf(context, signerOf(context));
  const renewed = links.find(({ certificate }) => certificate === 'new');
  const onDisk = links.map(({ issuer, certificate }) => (certificate === 'new' ? issuer.current?.sha256 : certificate));
  return renewed && isInOrder(onDisk) ? renewed.issuer : undefined;
}

/** The first unknown link above the certificate on disk, or above one that is to be issued. */
export const brokenLink = (context: Context, isIssued: boolean): Link | undefined =>
  linksOf(context, isIssued ? byIts : signerOf(context)).find(({ certificate }) => certificate === undefined);

/** The nearest certificate of the chain that would be another, were its change not held back. */
export const heldBackLink = ({ issuer }: Context): IssuerOutcome | undefined =>
  chainBelow(issuer).find(({ reissueHeldBack, current }) => reissueHeldBack && current !== undefined);

/** Whether a change writes the chain anew, rather than only giving its files another mode or owner. */
export const writesChain = (files: readonly FileChange[]): boolean =>
  files.some(({ role, action }) => holdsChain(role) && action !== 'chmod' && action !== 'chown');

export const holdsChain = (role: FileRole): boolean => role === 'chain' || role === 'fullChain' || role === 'combined';

/** Signed, or to be signed, by the certificate that counts, whichever key it has. */
const byIts = Symbol('the certificate that counts');

function linksOf({ issuer, observed }: Context, start: string | null | undefined | typeof byIts): readonly Link[] {
  let signedBy = start;
  return chainBelow(issuer).map((link) => {
    const { current, generations, reissued, address } = link;
    const signer = signedBy === byIts ? current : generations.find(({ publicKey }) => publicKey.spkiSha256 === signedBy);
    // An older generation that signed what is below it stays as it is while the newer one is issued again.
    const isNew =
      reissued && (signedBy === byIts || (signer !== undefined && signer.publicKey.spkiSha256 === current?.publicKey.spkiSha256));
    signedBy = reissued ? byIts : observed.signedBy.get(address);
    return { issuer: link, certificate: isNew ? 'new' : signer?.sha256 };
  });
}
