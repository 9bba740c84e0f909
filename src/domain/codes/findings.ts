import type { CodeRow } from './code-row.ts';

const insecure = { as: ['finding'], severity: 'warning', failOn: 'insecure' } as const satisfies CodeRow;
const warning = { as: ['finding'], severity: 'warning', failOn: 'warning' } as const satisfies CodeRow;
const notice = { as: ['finding'], severity: 'notice', failOn: 'warning' } as const satisfies CodeRow;

/** Standing facts about a resource that `check` reports and no action mends. */
// biome-ignore format: table
export const findingCodes = {
  'issuer-ends-first':      { as: ['finding'], severity: 'warning', failOn: 'due' },
  'expiring':               { as: ['finding', 'condition'], severity: 'warning', failOn: 'due' },
  'due-within':             { as: ['finding'], severity: 'warning', failOn: 'due' }, // not due yet, but within the time that was asked for
  'outlives-issuer':        warning,
  'key-exposed':            { ...insecure, as: ['finding', 'condition'], severity: 'error' },
  'external-key-present':   notice,
  'not-here':               notice,
  'absent-optional':        notice,
  'authority-key-absent':   warning,
  'hard-linked':            notice,
  'owner-not-target':       notice, // under --root or without root rights an owner cannot be what the YAML says
  'serial-duplicate':       warning,
  'several-generations':    notice,
  'service-stale':          { as: ['finding', 'condition'], severity: 'error', failOn: 'drift' }, // serves another certificate than the one on disk
  'service-unreachable':    warning, // it may be stopped on purpose
  'unreadable-for-service': { as: ['finding'], severity: 'error', failOn: 'drift' }, // the user it runs as may not read its key
  'accept-unused':          notice, // tolerates a finding that is not there
} as const satisfies Record<string, CodeRow>;

/** No validator takes it: whoever is shown the certificate refuses the connection. */
const refused = { as: ['finding'], severity: 'error', failOn: 'drift' } as const satisfies CodeRow;

/** What a strict validator rejects in a certificate, or no operator wants in one (measured: which of six validators reject it). */
// biome-ignore format: table
export const certificateProblemCodes = {
  'signature-weak':                 insecure, // MD2, MD5, SHA-1
  'key-weak':                       insecure, // RSA under 2048, EC under 256, exponent 3
  'serial-weak':                    warning,  // zero, negative, over 20 octets, too short to be random
  'malformed':                      warning,  // v1, duplicate extensions, algorithm mismatch inside and out, dates that do not parse
  'unknown-critical-extension':     refused,
  'alternative-names-absent':       warning,
  'alternative-names-not-critical': warning,
  'name-malformed':                 warning,  // an IP written as dNSName, trailing dot, partial wildcard, underscore
  'authority-key-identifier':       warning,
  'subject-key-identifier':         warning,
  'basic-constraints-not-critical': warning,
  'basic-constraints-absent':       warning,
  'key-usage-absent':               warning,
  'key-usage-not-critical':         notice,
  'key-usage-of-leaf':              warning,  // a leaf that may sign certificates
  'key-usage-of-authority':         refused,  // an authority that may not
  'extended-key-usage-absent':      notice,
  'leaf-is-authority':              warning,
  'self-named':                     warning,  // subject equals issuer, yet it is not self-signed
  'validity-inverted':              refused,  // notAfter before notBefore
  'validity-malformed':             warning,  // a date that does not parse
  'validity-long':                  notice,   // over thirty years: no validator objects until the key is broken
  'extended-key-usage-of-authority': notice,  // an authority that restricts what it signs: some validators then refuse its children
  'key-algorithm-limited':          notice,   // Ed25519: NSS refuses it
  'key-unsupported':                warning,  // a public key that OpenSSL here does not know
  'path-length-violated':           refused,  // below an authority that allows no further one
  'name-constraints-violated':      refused,  // a name outside what the issuer may sign
} as const satisfies Record<string, CodeRow>;
