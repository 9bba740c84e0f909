import type { KeyFacts } from '../domain/keys.ts';
import type { CertificateFacts } from '../domain/observed-state.ts';
import type { Change, Difference } from '../domain/plan.ts';
import type { Instant } from '../domain/time.ts';
import { isSignedBy } from '../x509/verify-signature.ts';
import { selfCheckFailed } from './apply-problem.ts';
import type { Prepared } from './prepare-change.ts';

/** The drift checks that caused a change, applied to what came of it: the differences that are still there. */
export type ResultCheck = (
  change: Change,
  result: { readonly certificate: CertificateFacts | null; readonly key: KeyFacts | null },
) => readonly Difference[];

/** Looks at what is about to be published as a stranger would. Throws `ApplyProblem`; nothing has been written by then. */
export function selfCheck(change: Change, prepared: Prepared, now: Instant, check: ResultCheck): void {
  const fault = faultOf(prepared, now);
  if (fault) throw selfCheckFailed(`${change.address}: ${fault}`);
  const left = check(change, { certificate: prepared.certificate, key: prepared.key?.facts ?? null });
  if (left.length > 0)
    throw selfCheckFailed(`${change.address} would still differ after this change: ${left.map(({ code }) => code).join(', ')}`);
}

function faultOf({ key, certificate, issuer, issuedNow }: Prepared, now: Instant): string | undefined {
  if (key && key.facts.spkiSha256 !== certificate.publicKey.spkiSha256) return 'key and certificate do not belong together';
  if (!issuedNow) return undefined;
  const signedBy = issuer ?? certificate;
  if (!isSignedBy(certificate, signedBy)) return 'the signature of the certificate does not verify under its issuer';
  if (certificate.issuerDer !== signedBy.subjectDer) return 'the certificate does not carry the name of its issuer';
  if (issuer?.subjectKeyIdentifier !== undefined && certificate.authorityKeyIdentifier !== issuer.subjectKeyIdentifier)
    return 'the certificate does not point to the key of its issuer';
  if (!(certificate.notBefore <= now && now < certificate.notAfter)) return 'the certificate is not valid now';
  if (!(signedBy.notBefore <= certificate.notBefore && certificate.notAfter <= signedBy.notAfter))
    return 'the certificate is valid when its issuer is not';
  return undefined;
}
