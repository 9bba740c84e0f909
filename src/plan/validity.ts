/** Dates of certificates, compared without ever trusting one that does not parse: every comparison with NaN would say "not expired". */
import type { CertificateFacts } from '../domain/observed-state.ts';
import { between, type Duration, days, type Instant, later, seconds } from '../domain/time.ts';

export type Validity = 'valid' | 'expired' | 'not-yet-valid' | 'undated';

/** Where `now` stands in a certificate's life; both ends are inclusive (RFC 5280 §4.1.2.5). */
export function validityOf(certificate: CertificateFacts, now: Instant): Validity {
  if (Number.isNaN(certificate.notBefore) || Number.isNaN(certificate.notAfter)) return 'undated';
  if (now > certificate.notAfter) return 'expired';
  return now < certificate.notBefore ? 'not-yet-valid' : 'valid';
}

/** The life a certificate was issued with, from its own dates. */
export const lifetimeOf = (certificate: CertificateFacts): Duration => between(certificate.notBefore, certificate.notAfter);

/** Overdue from here on: a third of the window is gone, and what renews by itself would have done it. */
export const overdueFrom = (opened: Instant, end: Instant): Instant => later(opened, seconds(Math.floor(between(opened, end) / 3)));

/** Since when something has been due, and whether it is overdue: what a difference or a finding carries. */
export const ageOf = (opened: Instant, end: Instant, now: Instant): { readonly since: Instant; readonly overdue?: true } => ({
  since: opened,
  ...(now >= overdueFrom(opened, end) && { overdue: true }),
});

/** The renewal window: as the YAML says, else a third of the certificate's own life, at most 30 days; in whole seconds. */
export const renewalWindow = (renewBefore: Duration | undefined, lifetime: Duration): Duration =>
  renewBefore ?? seconds(Math.min(Math.floor(lifetime / 3), days(30)));
