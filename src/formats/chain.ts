/** Files that hold more than one thing, composed from their parts: the same parts always give the same bytes. */
import { encodePem } from './pem.ts';

export const certificatePem = (der: Uint8Array): string => encodePem('CERTIFICATE', der);

/** One certificate after the other, in the order given: `chain` is intermediates nearest first, `fullChain` the leaf before them. */
export const composeCertificates = (certificates: readonly Uint8Array[]): Uint8Array =>
  Buffer.from(certificates.map(certificatePem).join(''));

export const composeFullChain = (leaf: Uint8Array, chain: readonly Uint8Array[]): Uint8Array => composeCertificates([leaf, ...chain]);

/** The key's PEM, then leaf and chain. */
export const composeCombined = (keyPem: Uint8Array, leaf: Uint8Array, chain: readonly Uint8Array[]): Uint8Array =>
  Buffer.concat([keyPem, composeFullChain(leaf, chain)]);

/** Whether two lists hold the same certificates in the same order, by the hash of their DER; text around them does not count. */
export const sameCertificates = (left: readonly { readonly sha256: string }[], right: readonly { readonly sha256: string }[]): boolean =>
  left.length === right.length && left.every(({ sha256 }, index) => sha256 === right[index]?.sha256);
