/**
 * The table of drift checks: a row for each way in which observed and desired can disagree, in the order people read them.
 * Each row says what it costs to put right; the strongest remedy among a resource's differences is its action.
 */
import type { CheckedCode } from '../domain/codes.ts';
import { formatSubject, sameSubject } from '../domain/subject.ts';
import { formatInstant } from '../domain/time.ts';
import { type CheckContext, certificateOf, type Found, isRequested, unequal, unequalSets } from './check-context.ts';
import { findChain, findCombined, findCopyContent, findCopyMissing, findFullChain } from './content-checks.ts';
import { findIssuer, findIssuerReplaced } from './issuer-checks.ts';
import { findEncoding, findKeyAlgorithm, findKeySize } from './key-checks.ts';
import { findGroup, findMode, findOwner } from './mode-checks.ts';
import { formatConstraints } from './name-constraints.ts';
import { findPinned, findProvided } from './provided-checks.ts';
import type { Remedy } from './remedies.ts';
import { findRenewalDue } from './renewal.ts';
import { validityOf } from './validity.ts';

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
  'private-key-missing': { cert: 'rekey',   ca: 'none',    path: ['files', 'privateKey'],      cites: 'local policy',       find: findKeyMissing },
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
  'requested-renew':     { cert: 'renew',   ca: 'renew',   path: [],                           cites: 'RFC 3647 §4.6',      find: ({ view, options }) => (isRequested(options.renew, view.desired.address) ? [{}] : []) },
  'requested-rekey':     { cert: 'rekey',   ca: 'rekey',   path: [],                           cites: 'RFC 3647 §4.7',      find: ({ view, options }) => (isRequested(options.rekey, view.desired.address) ? [{}] : []) },
  'key-encoding':        { cert: 'fix',     ca: 'fix',     path: ['privateKey', 'encoding'],   cites: 'RFC 5958, 8017, 5915', find: findEncoding },
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

const has = ({ view }: CheckContext) => ({
  certificate: view.reference.certificate.state === 'present',
  key: view.reference.key.state === 'present',
  keepsKey: view.keepsKey,
});

function findMissing(context: CheckContext): readonly Found[] {
  const { certificate, key } = has(context);
  return certificate || key ? [] : [{}];
}

function findCertificateMissing(context: CheckContext): readonly Found[] {
  const { certificate, key } = has(context);
  return !certificate && key ? [{ file: context.view.files.find(({ desired }) => desired.role !== 'privateKey')?.desired.path }] : [];
}

function findKeyMissing(context: CheckContext): readonly Found[] {
  const { certificate, key, keepsKey } = has(context);
  return certificate && !key && keepsKey
    ? [{ file: context.view.files.find(({ desired }) => desired.role === 'privateKey' || desired.role === 'combined')?.desired.path }]
    : [];
}

function findKeyMismatch({ view: { reference } }: CheckContext): readonly Found[] {
  const { certificate, key } = reference;
  if (certificate.state === 'absent' || key.state === 'absent') return [];
  return unequal(key.facts.spkiSha256, certificate.facts.publicKey.spkiSha256).map((found) => ({ ...found, file: key.path }));
}

function findSubject(context: CheckContext): readonly Found[] {
  const certificate = certificateOf(context);
  const { subject } = context.view.desired;
  return !certificate || sameSubject(certificate.subject, subject)
    ? []
    : [{ observed: formatSubject(certificate.subject), desired: formatSubject(subject), path: subjectPath(context) }];
}

/** The frame points at `commonName` where the YAML has no `subject`. */
const subjectPath = ({ view }: CheckContext): readonly string[] => (view.desired.places.has('subject') ? ['subject'] : ['commonName']);

function findNames(context: CheckContext, field: 'dnsNames' | 'ipAddresses' | 'uris' | 'emailAddresses'): readonly Found[] {
  const certificate = certificateOf(context);
  return certificate ? unequalSets(certificate.names[field], context.view.desired.names[field]) : [];
}

function findOtherNames(context: CheckContext): readonly Found[] {
  const names = certificateOf(context)?.names.otherNames ?? [];
  return names.length > 0 ? [{ added: [], removed: names, kept: [] }] : [];
}

/** Closed for a leaf: exactly these. Open for an authority that names none. */
function findUsages(context: CheckContext): readonly Found[] {
  const certificate = certificateOf(context);
  const desired = context.view.desired.usages;
  return certificate && desired ? unequalSets([...certificate.usages, ...certificate.otherUsages], desired) : [];
}

function findBasicConstraints(context: CheckContext): readonly Found[] {
  const certificate = certificateOf(context);
  if (!certificate) return [];
  return unequal(
    certificate.basicConstraints?.ca ? 'an authority' : 'no authority',
    context.view.desired.kind === 'ca' ? 'an authority' : 'no authority',
  );
}

/** Closed: absent means none. We give an intermediate 0 when the YAML is silent, and so find nothing wrong with 0 there. */
function findPathLength(context: CheckContext): readonly Found[] {
  const certificate = certificateOf(context);
  const { desired } = context.view;
  if (!certificate || desired.kind !== 'ca') return [];
  const observed = certificate.basicConstraints?.pathLength;
  if (observed === 0 && desired.pathLength === undefined && desired.issuer !== undefined) return [];
  return unequal(String(observed ?? 'none'), String(desired.pathLength ?? 'none'));
}

function findNameConstraints(context: CheckContext): readonly Found[] {
  const certificate = certificateOf(context);
  const { desired } = context.view;
  return certificate && desired.kind === 'ca'
    ? unequalSets(formatConstraints(certificate.nameConstraints), formatConstraints(desired.nameConstraints))
    : [];
}

/** A date that does not parse is never "not expired". */
function findExpired(context: CheckContext): readonly Found[] {
  const certificate = certificateOf(context);
  if (!certificate) return [];
  const validity = validityOf(certificate, context.now);
  if (validity === 'undated') return [{ observed: 'a date that does not parse' }];
  return validity === 'expired' ? [{ observed: formatInstant(certificate.notAfter) }] : [];
}

function findNotYetValid(context: CheckContext): readonly Found[] {
  const certificate = certificateOf(context);
  return certificate && validityOf(certificate, context.now) === 'not-yet-valid'
    ? [{ observed: formatInstant(certificate.notBefore) }]
    : [];
}
