import type { Issuance } from '../domain/material.ts';
import type { CertificateFacts } from '../domain/observed-state.ts';
import { earlier, earliest, endOfTime, type Instant, later, latest } from '../domain/time.ts';

export interface IssuedValidity {
  readonly notBefore: Instant;
  readonly notAfter: Instant;
  /** Whether the issuer's end cut the duration short. */
  readonly clipped: boolean;
}

/**
 * From `backdate` before now, for clocks that are behind, until `duration` from now, and never outside the issuer's own dates
 * (no validator rejects a leaf that outlives its issuer, until the day it matters). Undefined if the issuer is not valid now.
 */
export function validityToIssue(
  { duration, backdate }: Pick<Issuance, 'duration' | 'backdate'>,
  issuer: Pick<CertificateFacts, 'notBefore' | 'notAfter'> | null,
  now: Instant,
): IssuedValidity | undefined {
  const wanted = earliest(later(now, duration), endOfTime);
  if (!issuer) return { notBefore: earlier(now, backdate), notAfter: wanted, clipped: false };
  // Written so that a date that does not parse (NaN) is never "valid".
  if (!(issuer.notBefore <= now && now < issuer.notAfter)) return undefined;
  return {
    notBefore: latest(earlier(now, backdate), issuer.notBefore),
    notAfter: earliest(wanted, issuer.notAfter),
    clipped: issuer.notAfter < wanted,
  };
}
