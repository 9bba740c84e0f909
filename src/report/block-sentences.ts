/** Why a change is held back, and the ways out. */
import type { BlockCode } from '../domain/codes.ts';
import type { Blocked, Change } from '../domain/plan.ts';

/** Why, in one sentence without a full stop; the place in the YAML, if one says so, follows it. */
// biome-ignore format: table
export const blockSentences: Readonly<Record<BlockCode, (detail: string, change: Change) => string>> = {
  'needs-confirmation':      (_, change) => change.action === 'create' ? 'only a person creates a trust anchor' : 'only a person replaces a trust anchor',
  'protected':               () => 'protect: true',
  'authority-lost':          (detail) => `what it signed is here, it is not${detail ? `: ${detail}` : ''}`,
  'key-of-unknown-origin':   (detail) => `${detail || 'its key'} is here without a certificate, and no record says that we made it`,
  'copies-disagree':         (detail) => `its copies hold different certificates, each of them good${detail ? `: ${detail}` : ''}`,
  'authority-pair-mismatch': () => 'its certificate and key do not belong together',
  'pinned-key-differs':      (detail) => `the key on disk is not the one the desired state pins${detail ? `: ${detail}` : ''}`,
  'issuer-absent':           (detail) => `its issuer ${detail || ''} is not on disk`.replace('  ', ' '),
  'issuer-key-absent':       (detail) => `the key of its issuer ${detail || ''} is not on this machine`.replace('  ', ' '),
  'issuer-expired':          (detail) => `its issuer has expired${detail ? `: ${detail}` : ''}`,
  'issuer-not-yet-valid':    (detail) => `its issuer is not valid yet${detail ? `: ${detail}` : ''}`,
  'issuer-mismatch':         (detail) => `certificate and key of its issuer do not belong together${detail ? `: ${detail}` : ''}`,
  'issuer-foreign':          (detail) => `another authority stands in the place of its issuer${detail ? `: ${detail}` : ''}`,
  'issuer-unreadable':       (detail) => `its issuer cannot be read${detail ? `: ${detail}` : ''}`,
  'issuer-blocked':          (detail, change) => `waits for ${detail || change.issuer || 'its issuer'}`,
  'observed-only':           () => 'manage: observe',
  'external-authority':      () => 'external: true, its key is never on this machine',
  'unknown-user':            (detail) => `this host has no user ${quoted(detail)}`,
  'unknown-group':           (detail) => `this host has no group ${quoted(detail)}`,
  'unsafe-folder':           (detail) => `others can write on the way to its files: ${detail || 'a folder above them'}`,
  'folder-not-usable':       (detail) => `nothing can be written there: ${detail || 'the folder is not usable'}`,
  'owner-needs-root':        (detail) => `only root can give files to ${detail || 'another owner'}`,
  'clock-behind':            (detail) => `the clock is behind the last certificate issued here${detail ? `: ${detail}` : ''}`,
  'provided-unreadable':     (detail) => `the provided pair cannot be read${detail ? `: ${detail}` : ''}`,
  'provided-invalid':        (detail) => `the provided pair cannot be used${detail ? `: ${detail}` : ''}`,
  'unreadable':              (detail) => `cannot be read, so nothing is known of it${detail ? `: ${detail}` : ''}`,
  'symlink':                 (detail) => `a symbolic link is never followed or replaced${detail ? `: ${detail}` : ''}`,
  'not-regular':             (detail) => `not a regular file${detail ? `: ${detail}` : ''}`,
  'too-large':               (detail) => `too large to be a key or a certificate${detail ? `: ${detail}` : ''}`,
  'empty':                   (detail) => `a file is empty that should not be${detail ? `: ${detail}` : ''}`,
  'unparsable':              (detail) => `what is there cannot be parsed, and is not overwritten unasked${detail ? `: ${detail}` : ''}`,
  'wrong-kind':              (detail) => `what is there is of another kind, and is not overwritten unasked${detail ? `: ${detail}` : ''}`,
  'encrypted':               (detail) => `the private key is encrypted, and no passphrase is asked for${detail ? `: ${detail}` : ''}`,
  'unsupported-algorithm':   (detail) => `its algorithm is not supported${detail ? `: ${detail}` : ''}`,
};

const quoted = (text: string): string => (text === '' ? 'of that name' : `"${text}"`);

export const blockSentence = (blocked: Blocked, change: Change): string => blockSentences[blocked.code](blocked.detail, change);

/** Held back only because another resource is: shown beside the change, not as a block of its own. */
export const isWaiting = (change: Change): boolean => change.blocked !== null && (change.blocked.by === 'waits' || change.blocked.code === 'issuer-blocked');
