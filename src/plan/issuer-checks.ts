/** Whether a certificate really is signed by the issuer that the YAML names: by key and signature, never by name alone. */
import { formatSubject, sameSubject } from '../domain/subject.ts';
import { type CheckContext, certificateOf, type Found, signerOf } from './check-context.ts';

/** Signed by another key, or under another name than the issuer's certificate carries. A root must be signed by itself. */
export function findIssuer(context: CheckContext): readonly Found[] {
  const certificate = certificateOf(context);
  const { issuer } = context;
  if (!certificate) return [];
  const found = { observed: formatSubject(certificate.issuer), desired: issuer?.address ?? 'itself' };
  if (issuer && !issuer.current) return issuer.created && found.observed !== issuer.subject ? [found] : [];
  const signedBy = signerOf(context);
  // Where one of the two certificates could not be read nothing is known, and nothing could be signed either.
  if (signedBy === undefined) return [];
  if (signedBy === null) return [found];
  if (!issuer) return sameSubject(certificate.issuer, certificate.subject) ? [] : [found];
  // Signed by another generation that still stands in the issuer's file: a fact, not a fault.
  if (signedBy !== issuer.current?.publicKey.spkiSha256) return [];
  return certificate.issuerDer === issuer.current.subjectDer ? [] : [found];
}

/** The issuer gets another key or name in this very plan, or would, were its change not held back. */
export function findIssuerReplaced(context: CheckContext): readonly Found[] {
  const { issuer } = context;
  if (!certificateOf(context) || !issuer || !(issuer.replaced || issuer.replacementHeldBack)) return [];
  return [{ becauseOf: issuer.address, observed: issuer.current?.publicKey.spkiSha256, desired: 'the new key' }];
}
