/** Standing facts about a resource that no action of its own mends. */
import { posix } from 'node:path';
import { isAuthority } from '../domain/desired-state.ts';
import type { Finding } from '../domain/plan.ts';
import { earlier, formatDay, later, seconds } from '../domain/time.ts';
import { type CheckContext, certificateOf } from './check-context.ts';
import { leastAuthorityWarning } from './defaults.ts';
import { ageOf, lifetimeOf, validityOf } from './validity.ts';

type FindingRule = (context: CheckContext) => readonly Finding[];

const rules: readonly FindingRule[] = [
  problemsOfCertificate,
  expiring,
  outlivesIssuer,
  sharedSerial,
  authorityKey,
  generations,
  aboutFiles,
  unsafeFolders,
];

export const findingsOf = (context: CheckContext): readonly Finding[] => rules.flatMap((rule) => rule(context));

function problemsOfCertificate(context: CheckContext): readonly Finding[] {
  return certificateOf(context)?.problems.map(({ code, detail }) => ({ code, detail })) ?? [];
}

/**
 * An authority must outlast what it signs, and replacing it takes time: the longer of 180 days and its longest certificate. Never more than a third of
 * its own life, as with certificates: it would else be nearing its end from the first minute. Authorities below it are no measure, they end with it.
 */
function expiring(context: CheckContext): readonly Finding[] {
  const certificate = certificateOf(context);
  const { desired } = context.view;
  if (!certificate || validityOf(certificate, context.now) !== 'valid') return [];
  const longest = Math.max(leastAuthorityWarning, context.index.longestDurationBelow(desired.address));
  const byItself = isAuthority(desired) ? seconds(Math.min(longest, Math.floor(lifetimeOf(certificate) / 3))) : undefined;
  const warnBefore = desired.warnBefore ?? byItself;
  return warnBefore !== undefined && later(context.now, warnBefore) >= certificate.notAfter
    ? [
        {
          code: 'expiring',
          detail: formatDay(certificate.notAfter),
          ...ageOf(earlier(certificate.notAfter, warnBefore), certificate.notAfter, context.now),
        },
      ]
    : [];
}

function outlivesIssuer(context: CheckContext): readonly Finding[] {
  const certificate = certificateOf(context);
  const end = context.issuer?.current?.notAfter;
  return certificate && end !== undefined && certificate.notAfter > end
    ? [{ code: 'outlives-issuer', detail: `${formatDay(certificate.notAfter)} after ${formatDay(end)}` }]
    : [];
}

/** RFC 5280 §4.1.2.2: unique for each certificate of one issuer. */
function sharedSerial(context: CheckContext): readonly Finding[] {
  const certificate = certificateOf(context);
  const all = certificate ? context.index.sharingSerial(certificate) : [];
  if (all.length < 2) return [];
  // A few of them say enough: thousands may share the serial number 1.
  const named = all.slice(0, 4).filter((address) => address !== context.view.desired.address);
  const more = all.length - 1 - named.length;
  return [{ code: 'serial-duplicate', detail: more > 0 ? `${named.join(', ')} and ${more} more` : named.join(', ') }];
}

function authorityKey({ view }: CheckContext): readonly Finding[] {
  const { desired, reference, keepsKey } = view;
  if (!isAuthority(desired) || reference.certificate.state === 'absent') return [];
  if (desired.external)
    return reference.key.state === 'present'
      ? [{ code: 'external-key-present', detail: reference.key.path, file: reference.key.path }]
      : [];
  return keepsKey && reference.key.state === 'absent' && !view.hidden.key
    ? [{ code: 'authority-key-absent', detail: desired.address }]
    : [];
}

function generations({ view }: CheckContext): readonly Finding[] {
  const count = view.reference.inCertificateFile.length;
  return isAuthority(view.desired) && count > 1 ? [{ code: 'several-generations', detail: `${count} certificates` }] : [];
}

/** Whoever can write on the way to a file can put another one there: as good as writing the file. */
function unsafeFolders({ view, observed }: CheckContext): readonly Finding[] {
  const folders = new Set(view.files.map(({ desired }) => posix.dirname(desired.path)));
  return [...folders].flatMap((path) => {
    const folder = observed.folders.get(path);
    return folder?.state === 'unsafe' ? [{ code: 'unsafe-folder', detail: folder.cause ?? path, file: path }] : [];
  });
}

function aboutFiles({ view, options }: CheckContext): readonly Finding[] {
  const findings: Finding[] = view.notHere.map((mount) => ({ code: 'not-here', detail: mount }));
  const empty = view.reference.certificate.state === 'absent' && view.reference.key.state === 'absent';
  if (view.desired.optional && empty && view.problems.length === 0)
    findings.push({ code: 'absent-optional', detail: view.desired.address });
  for (const { desired, observed } of view.files) {
    const file = desired.path;
    if (options.root !== '' && (desired.owner ?? desired.group) !== undefined)
      findings.push({ code: 'owner-not-target', detail: [desired.owner, desired.group].filter(Boolean).join(':'), file });
    if (observed.state !== 'read') continue;
    if (observed.status.links > 1) findings.push({ code: 'hard-linked', detail: `${observed.status.links} names`, file });
    const exposed = observed.content.keys.length > 0 && (observed.status.mode & 0o004) !== 0;
    if (exposed) findings.push({ code: 'key-exposed', detail: (observed.status.mode & 0o7777).toString(8).padStart(4, '0'), file });
  }
  return findings;
}
