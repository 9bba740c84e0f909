/** Why a change is held back, one sentence each. */
import type { BlockCode } from '../domain/codes.ts';
import type { Blocked, Change } from '../domain/plan.ts';

/** `ca/etcd: 2026-01-01` → the issuer, and what is said of it. */
function issuerAnd(detail: string, { issuer }: Change): { readonly issuer: string; readonly more: string } {
  const [, address, more] = /^(ca\/[^\s:]+)(?:: (.*))?$/s.exec(detail) ?? [];
  return { issuer: address ?? issuer ?? 'its issuer', more: address === undefined ? detail : (more ?? '') };
}

const ofIssuer =
  (what: string) =>
  (detail: string, change: Change): string => {
    const { issuer, more } = issuerAnd(detail, change);
    return `${what.replace('ISSUER', issuer)}${more === '' || more === issuer ? '' : ` (${more})`}`;
  };

const and =
  (what: string) =>
  (detail: string): string =>
    detail === '' ? what : `${what}: ${detail}`;

/** Why, in one sentence without a full stop; the place in the YAML, if one says so, follows it. */
// biome-ignore format: table
export const blockSentences: Readonly<Record<BlockCode, (detail: string, change: Change) => string>> = {
  'needs-confirmation':      (_, { action, issuer }) => `only a person ${action === 'create' ? 'creates' : 'replaces'} ${issuer === null ? 'a trust anchor' : 'an authority'}`,
  'protected':               () => 'protect: true',
  'authority-lost':          and('it is not here, and must not be invented again'),
  'key-of-unknown-origin':   and('a key without its certificate, and no record says that we made it'),
  'copies-disagree':         and('its copies hold different certificates, each of them good'),
  'authority-pair-mismatch': () => 'its certificate and its key do not belong together',
  'pinned-key-differs':      () => 'the key on disk is not the pinned one: another authority stands here',
  'issuer-absent':           ofIssuer('its issuer ISSUER is not on disk'),
  'issuer-key-absent':       ofIssuer('the key of its issuer ISSUER is not on this machine'),
  'issuer-expired':          ofIssuer('its issuer ISSUER has expired'),
  'issuer-not-yet-valid':    ofIssuer('its issuer ISSUER is not valid yet'),
  'issuer-mismatch':         ofIssuer('its issuer ISSUER cannot sign: its key and certificate do not make an authority'),
  'issuer-foreign':          ofIssuer('another authority stands in the place of its issuer ISSUER'),
  'issuer-unreadable':       ofIssuer('its issuer ISSUER cannot be read'),
  'issuer-blocked':          ofIssuer('waits for ISSUER'),
  'external-authority':      (detail, change) => detail === '' || detail === change.address ? 'its key is not on this machine: it comes from where that key is' : ofIssuer('its issuer ISSUER is external: it must be signed where that key is')(detail, change),
  'unknown-user':            (detail) => `this host has no user ${quoted(detail)}`,
  'unknown-group':           (detail) => `this host has no group ${quoted(detail)}`,
  'unsafe-folder':           and('others can write on the way to its files'),
  'folder-not-usable':       and('nothing can be written there'),
  'owner-needs-root':        and('only root can give a file to another owner'),
  'not-converging':          and('it was issued for this very difference, and differs again'),
  'on-hold':                 (detail) => `on hold${detail === '' ? '' : ` ${detail}`}`,
  'holds-unreadable':        and('nobody knows whether it is on hold'),
  'outside-window':          (detail) => `no maintenance window is open${detail === '' ? '' : `: ${detail}`}`,
  'gate-closed':             and('not now, says its gate'),
  'clock-behind':            and('the clock is behind'),
  'clock-ahead':             and('the clock is past the last date that a certificate can hold'),
  'provided-unreadable':     and('the provided pair cannot be read'),
  'provided-invalid':        and('the provided pair cannot be used'),
  'unreadable':              and('a file cannot be read, so nothing is known of it'),
  'symlink':                 and('a symbolic link is neither followed nor replaced'),
  'not-regular':             and('not a regular file'),
  'too-large':               and('too large to be a key or a certificate'),
  'empty':                   and('a file is empty, and no record says that we wrote it'),
  'unparsable':              and('what is there cannot be parsed, and is not overwritten unasked'),
  'wrong-kind':              and('what is there is of another kind, and is not overwritten unasked'),
  'encrypted':               and('the private key is encrypted, and no passphrase is asked for'),
  'unsupported-algorithm':   and('its algorithm is not supported'),
  'not-in-inventory':        and('the inventory does not say enough'),
};

const quoted = (text: string): string => (text === '' ? 'of that name' : `"${text}"`);

export const blockSentence = (blocked: Blocked, change: Change): string => blockSentences[blocked.code](blocked.detail, change);

/** Held back only because another resource is: shown beside the change, not as a block of its own. */
export const isWaiting = (change: Change): boolean =>
  change.blocked !== null && (change.blocked.by === 'waits' || change.blocked.code === 'issuer-blocked');
