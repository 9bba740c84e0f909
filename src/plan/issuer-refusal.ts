/** Why an authority cannot sign: one that is absent, foreign, torn, expired or without its key signs nothing. */
import type { BlockCode } from '../domain/codes.ts';
import type { DesiredAuthority } from '../domain/desired-state.ts';
import type { CertificateFacts } from '../domain/observed-state.ts';
import type { BlockedBy, Change } from '../domain/plan.ts';
import { formatDay, type Instant } from '../domain/time.ts';
import { usageTable } from '../domain/usages.ts';
import type { ResourceView } from './resource-view.ts';
import { validityOf } from './validity.ts';

export interface Refusal {
  readonly by: BlockedBy;
  readonly code: BlockCode;
  /** The fact behind it; empty where the code says it all. */
  readonly detail: string;
}

/** Judged by what is on disk: for an authority that this plan does not issue anew. Null: it can sign. */
export function refusalOf(desired: DesiredAuthority, view: ResourceView, change: Change, now: Instant): Refusal | null {
  const { certificate, key } = view.reference;
  const hidden = (certificate.state === 'absent' && view.hidden.certificate) || (key.state === 'absent' && view.hidden.key);
  if (hidden) return refused('issuer-unreadable', view.problems[0]?.desired.path);
  if (view.disagree) return refused('issuer-blocked');
  if ([...change.differences, ...change.findings].some(({ code }) => code === 'foreign-authority')) return refused('issuer-foreign');
  if (certificate.state === 'absent') {
    if (change.action !== 'create') return refused('issuer-absent');
    return refusalOnceMade(desired, view) ?? { by: 'waits', code: 'issuer-blocked', detail: '' };
  }
  if (desired.external) return refused('external-authority');
  if (key.state === 'absent') return refused('issuer-key-absent');
  if (key.facts.spkiSha256 !== certificate.facts.publicKey.spkiSha256) return refused('issuer-mismatch');
  return (
    refusalByDates(certificate.facts, now) ??
    (maySign(certificate.facts) ? null : refused('issuer-mismatch', 'it may not sign certificates'))
  );
}

/** Of an authority that this plan issues or installs: with its key it can sign, and of nothing else is there any doubt. */
export const refusalOnceMade = (desired: DesiredAuthority, { keepsKey }: ResourceView): Refusal | null =>
  desired.external ? refused('external-authority') : keepsKey ? null : refused('issuer-key-absent');

const refused = (code: BlockCode, detail = ''): Refusal => ({ by: 'issuer', code, detail });

function refusalByDates(certificate: CertificateFacts, now: Instant): Refusal | null {
  switch (validityOf(certificate, now)) {
    case 'valid':
      return null;
    case 'undated':
      return refused('issuer-expired', 'a date in it does not parse');
    case 'expired':
      return refused('issuer-expired', formatDay(certificate.notAfter));
    case 'not-yet-valid':
      return refused('issuer-not-yet-valid', formatDay(certificate.notBefore));
  }
}

/** RFC 5280 §4.2.1.9 and §4.2.1.3: CA:TRUE, and where there is a key usage at all, the bit for certificates. */
function maySign({ basicConstraints, usages }: CertificateFacts): boolean {
  const bits = usages.filter((usage) => usageTable[usage].in === 'keyUsage');
  return basicConstraints?.ca === true && (bits.length === 0 || bits.includes('cert sign'));
}
