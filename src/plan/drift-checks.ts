/**
 * The table of drift checks: a row for each way in which observed and desired can disagree, in the order people read them.
 * Each row says what it costs to put right; the strongest remedy among a resource's differences is its action.
 */
import type { CheckedCode } from '../domain/codes.ts';
import {
  findBasicConstraints,
  findExpired,
  findNameConstraints,
  findNames,
  findNotYetValid,
  findOtherNames,
  findPathLength,
  findSubject,
  findUsages,
} from './certificate-checks.ts';
import type { CheckContext, Found } from './check-context.ts';
import { findCertificateOrder, findChain, findCombined, findCopyContent, findCopyMissing, findFullChain } from './content-checks.ts';
import { findIssuer, findIssuerReplaced } from './issuer-checks.ts';
import { findEncoding, findKeyAlgorithm, findKeySize } from './key-checks.ts';
import { findGroup, findMode, findOwner } from './mode-checks.ts';
import { findCertificateMissing, findKeyMismatch, findKeyMissing, findMissing, findRequested } from './presence-checks.ts';
import { findPinned, findProvided } from './provided-checks.ts';
import type { Remedy } from './remedies.ts';
import { findRenewalDue } from './renewal.ts';

export interface DriftCheck {
  /** What it costs to put right, by kind; `none` is reported and left alone, null: the check is not made. */
  readonly cert: Remedy | null;
  readonly ca: Remedy | null;
  /** The YAML's words for what is compared. */
  readonly path: readonly string[];
  readonly cites: string;
  readonly find: (context: CheckContext) => readonly Found[];
}

// biome-ignore format: table
export const driftChecks = {
  'missing':             { cert: 'create',  ca: 'create',  path: ['files'],                    cites: 'local policy',       find: findMissing },
  'certificate-missing': { cert: 'reissue', ca: 'reissue', path: ['files', 'certificate'],     cites: 'local policy',       find: findCertificateMissing },
  'private-key-missing': { cert: 'rekey',   ca: null,      path: ['files', 'privateKey'],      cites: 'local policy',       find: findKeyMissing },
  'key-mismatch':        { cert: 'rekey',   ca: 'rekey',   path: ['files', 'privateKey'],      cites: 'RFC 5280 §4.1.2.7',  find: findKeyMismatch },
  'foreign-authority':   { cert: null,      ca: 'none',    path: ['fingerprint'],              cites: 'RFC 5280 §6.1.1',    find: findPinned },
  'provided-differs':    { cert: null,      ca: 'rekey',   path: ['provided'],                 cites: 'local policy',       find: findProvided },
  'subject':             { cert: 'reissue', ca: 'reissue', path: ['subject'],                  cites: 'RFC 5280 §4.1.2.6',  find: findSubject },
  'dns-names':           { cert: 'reissue', ca: 'reissue', path: ['dnsNames'],                 cites: 'RFC 5280 §4.2.1.6',  find: (context) => findNames(context, 'dnsNames') },
  'ip-addresses':        { cert: 'reissue', ca: 'reissue', path: ['ipAddresses'],              cites: 'RFC 5280 §4.2.1.6',  find: (context) => findNames(context, 'ipAddresses') },
  'uris':                { cert: 'reissue', ca: 'reissue', path: ['uris'],                     cites: 'RFC 5280 §4.2.1.6',  find: (context) => findNames(context, 'uris') },
  'email-addresses':     { cert: 'reissue', ca: 'reissue', path: ['emailAddresses'],           cites: 'RFC 5280 §4.2.1.6',  find: (context) => findNames(context, 'emailAddresses') },
  'other-names':         { cert: 'reissue', ca: 'reissue', path: ['dnsNames'],                 cites: 'RFC 5280 §4.2.1.6',  find: findOtherNames },
  'usages':              { cert: 'reissue', ca: 'reissue', path: ['usages'],                   cites: 'RFC 5280 §4.2.1.3',  find: findUsages },
  'basic-constraints':   { cert: 'reissue', ca: 'reissue', path: [],                           cites: 'RFC 5280 §4.2.1.9',  find: findBasicConstraints },
  'path-length':         { cert: null,      ca: 'reissue', path: ['pathLength'],               cites: 'RFC 5280 §4.2.1.9',  find: findPathLength },
  'name-constraints':    { cert: null,      ca: 'reissue', path: ['nameConstraints'],          cites: 'RFC 5280 §4.2.1.10', find: findNameConstraints },
  'issuer':              { cert: 'reissue', ca: 'reissue', path: ['issuer'],                   cites: 'RFC 5280 §6.1.3',    find: findIssuer },
  'issuer-rekeyed':      { cert: 'reissue', ca: 'reissue', path: ['issuer'],                   cites: 'RFC 5280 §4.2.1.1',  find: findIssuerReplaced },
  'key-algorithm':       { cert: 'rekey',   ca: 'rekey',   path: ['privateKey', 'algorithm'],  cites: 'RFC 5280 §4.1.2.7',  find: findKeyAlgorithm },
  'key-size':            { cert: 'rekey',   ca: 'rekey',   path: ['privateKey', 'size'],       cites: 'RFC 5280 §4.1.2.7',  find: findKeySize },
  'expired':             { cert: 'renew',   ca: 'none',    path: ['duration'],                 cites: 'RFC 5280 §4.1.2.5',  find: findExpired },
  'not-yet-valid':       { cert: 'renew',   ca: 'none',    path: ['backdate'],                 cites: 'RFC 5280 §4.1.2.5',  find: findNotYetValid },
  'renewal-due':         { cert: 'renew',   ca: null,      path: ['renewBefore'],              cites: 'RFC 3647 §4.6',      find: findRenewalDue },
  'requested-renew':     { cert: 'renew',   ca: 'renew',   path: [],                           cites: 'RFC 3647 §4.6',      find: (context) => findRequested(context, 'renew') },
  'requested-rekey':     { cert: 'rekey',   ca: 'rekey',   path: [],                           cites: 'RFC 3647 §4.7',      find: (context) => findRequested(context, 'rekey') },
  'key-encoding':        { cert: 'fix',     ca: 'fix',     path: ['privateKey', 'encoding'],   cites: 'RFC 5958, 8017, 5915', find: findEncoding },
  'certificate-order':   { cert: 'fix',     ca: null,      path: ['files', 'certificate'],     cites: 'RFC 8446 §4.4.2',    find: findCertificateOrder },
  'chain':               { cert: 'fix',     ca: 'fix',     path: ['files', 'chain'],           cites: 'RFC 8446 §4.4.2',    find: findChain },
  'full-chain':          { cert: 'fix',     ca: 'fix',     path: ['files', 'fullChain'],       cites: 'RFC 8446 §4.4.2',    find: findFullChain },
  'combined':            { cert: 'fix',     ca: 'fix',     path: ['files', 'combined'],        cites: 'RFC 8446 §4.4.2',    find: findCombined },
  'copy-missing':        { cert: 'fix',     ca: 'fix',     path: ['copies'],                   cites: 'local policy',       find: findCopyMissing },
  'copy-content':        { cert: 'fix',     ca: 'fix',     path: ['copies'],                   cites: 'local policy',       find: findCopyContent },
  'certificate-mode':    { cert: 'fix',     ca: 'fix',     path: ['certificateMode'],          cites: 'local policy',       find: (context) => findMode(context, 'certificate') },
  'private-key-mode':    { cert: 'fix',     ca: 'fix',     path: ['privateKeyMode'],           cites: 'local policy',       find: (context) => findMode(context, 'privateKey') },
  'certificate-owner':   { cert: 'fix',     ca: 'fix',     path: ['owner'],                    cites: 'local policy',       find: (context) => findOwner(context, 'certificate') },
  'private-key-owner':   { cert: 'fix',     ca: 'fix',     path: ['owner'],                    cites: 'local policy',       find: (context) => findOwner(context, 'privateKey') },
  'certificate-group':   { cert: 'fix',     ca: 'fix',     path: ['group'],                    cites: 'local policy',       find: (context) => findGroup(context, 'certificate') },
  'private-key-group':   { cert: 'fix',     ca: 'fix',     path: ['group'],                    cites: 'local policy',       find: (context) => findGroup(context, 'privateKey') },
  'no-longer-managed':   { cert: null,      ca: null,      path: [],                           cites: 'local policy',       find: () => [] },
} as const satisfies Record<CheckedCode, DriftCheck>;
