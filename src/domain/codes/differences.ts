import type { CodeRow } from './code-row.ts';

const drift = { as: ['difference', 'finding'], severity: 'warning', failOn: 'drift' } as const satisfies CodeRow;
const insecure = { as: ['difference', 'finding'], severity: 'error', failOn: 'insecure' } as const satisfies CodeRow;
const request = { as: ['difference'], severity: 'notice', failOn: 'warning' } as const satisfies CodeRow;

/** Ways in which observed and desired disagree, in the order people read them. The drift checks have a row for each. */
// biome-ignore format: table
export const differenceCodes = {
  'missing':                drift,
  'certificate-missing':    drift,
  'private-key-missing':    drift,
  'key-mismatch':           { ...drift, severity: 'error' },
  'foreign-authority':      { ...insecure },
  'provided-differs':       drift,
  'subject':                drift,
  'dns-names':              drift,
  'ip-addresses':           drift,
  'uris':                   drift,
  'email-addresses':        drift,
  'other-names':            drift,
  'usages':                 drift,
  'basic-constraints':      drift,
  'path-length':            drift,
  'name-constraints':       drift,
  'issuer':                 { ...drift, severity: 'error' },
  'issuer-rekeyed':         drift,
  'key-algorithm':          drift,
  'key-size':               drift,
  'expired':                { as: ['difference', 'finding', 'condition'], severity: 'error', failOn: 'expired' },
  'not-yet-valid':          { as: ['difference', 'finding'], severity: 'error', failOn: 'drift' },
  'renewal-due':            { as: ['difference', 'finding'], severity: 'notice', failOn: 'due' },
  'requested-renew':        request,
  'requested-rekey':        request,
  'key-encoding':           drift,
  'certificate-order':      drift,
  'chain':                  drift,
  'full-chain':             drift,
  'combined':               drift,
  'copy-missing':           drift,
  'copy-content':           drift,
  'certificate-mode':       drift,
  'private-key-mode':       insecure,
  'certificate-owner':      drift,
  'private-key-owner':      insecure,
  'certificate-group':      drift,
  'private-key-group':      insecure,
  'no-longer-managed':      { as: ['difference', 'finding'], severity: 'notice', failOn: 'orphan' },
} as const satisfies Record<string, CodeRow>;
