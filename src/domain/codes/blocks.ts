import type { CodeRow } from './code-row.ts';

const block = { as: ['block'], severity: 'warning', failOn: 'drift' } as const satisfies CodeRow;

/** Why a change is held back. Stops the resource and what depends on it, nothing else. */
// biome-ignore format: table
export const blockCodes = {
  'needs-confirmation':        block, // a trust anchor would be created or replaced
  'protected':                 block, // protect: true
  'authority-lost':            { ...block, severity: 'error' }, // what it signed is here, it is not
  'key-of-unknown-origin':     block, // a key without its certificate that our records do not know
  'copies-disagree':           { ...block, severity: 'error' },
  'authority-pair-mismatch':   { ...block, severity: 'error' },
  'pinned-key-differs':        { ...block, severity: 'error' },
  'issuer-absent':             block,
  'issuer-key-absent':         block,
  'issuer-expired':            { ...block, severity: 'error' },
  'issuer-not-yet-valid':      block,
  'issuer-mismatch':           { ...block, severity: 'error' },
  'issuer-foreign':            { ...block, severity: 'error' },
  'issuer-unreadable':         block,
  'issuer-blocked':            block,
  'external-authority':        block, // external or provided: never issued here
  'unknown-user':              block,
  'unknown-group':             block,
  'unsafe-folder':             { as: ['block', 'finding', 'diagnostic'], severity: 'error', failOn: 'insecure' },
  'folder-not-usable':         { ...block, as: ['block', 'diagnostic'] },
  'owner-needs-root':          block,
  'not-converging':            { ...block, as: ['block', 'diagnostic', 'condition'], severity: 'error' }, // issued for this difference, and it is there again
  'on-hold':                   { as: ['block', 'finding'], severity: 'notice', failOn: 'warning' }, // somebody wants it left alone for now: what that holds back counts for itself
  'holds-unreadable':          { as: ['block', 'diagnostic'], severity: 'error', failOn: 'drift' }, // nobody knows what is held
  'outside-window':            { ...block, severity: 'notice', failOn: 'warning' }, // as on-hold: it waits on purpose
  'gate-closed':               { ...block, severity: 'notice', failOn: 'warning' },
  'clock-behind':              { ...block, as: ['block', 'diagnostic'], severity: 'error' },
  'clock-ahead':               { ...block, as: ['block', 'diagnostic'], severity: 'error' },
  'provided-unreadable':       block,
  'provided-invalid':          block,
} as const satisfies Record<string, CodeRow>;
