/** What a strict validator rejects in a certificate, or no operator wants in one: one row for each code. */
import type { CertificateProblemCode } from '../domain/codes.ts';
import { compact } from '../domain/compact.ts';
import { violatedConstraint } from '../domain/name-constraints.ts';
import type { CertificateFacts, CertificateProblem } from '../domain/observed-state.ts';
import { nameFault } from './name-faults.ts';
import type { CertificateParts } from './parse-certificate.ts';
import type { ExtensionReading } from './read-extensions.ts';
import { extensionIds } from './read-extensions.ts';

import { bitLength, type PublicKeyReading } from './read-public-key.ts';

/** What a certificate is there for; the file it stands in tells. */
export type CertificateUse = 'authority' | 'end-entity';
type Facts = Omit<CertificateFacts, 'problems'>;

/** What the facts leave out and a check needs. */
export interface RawCertificate {
  readonly parts: CertificateParts;
  readonly extensions: ExtensionReading;
  readonly publicKey: PublicKeyReading;
  readonly dateFaults: readonly string[];
  readonly use: CertificateUse;
}

export interface ProblemRow {
  readonly cites: string;
  /** Seen in the certificate alone: the fact behind it, or undefined where there is none. */
  readonly alone?: (facts: Facts, raw: RawCertificate) => string | undefined;
  /** Seen only beside the certificate that signed it (for a root: itself). */
  readonly under?: (facts: Facts, issuer: CertificateFacts) => string | undefined;
}

const when = (condition: boolean, detail: string): string | undefined => (condition ? detail : undefined);
const isAuthority = ({ use }: RawCertificate): boolean => use === 'authority';
/** Without an extended key usage a certificate may serve for anything (RFC 5280 §4.2.1.12). */
const mayServe = ({ extensions: { values } }: RawCertificate): boolean =>
  values.extendedUsages?.known.some((usage) => usage === 'server auth' || usage === 'any') ?? true;
const thirtyYears = 30 * 365.25 * 86_400;

export const certificateProblems = {
  'signature-weak': {
    cites: 'RFC 6194 §3, RFC 6151 §2',
    alone: (facts, { parts }) => when(parts.signatureAlgorithm.weak, facts.signatureAlgorithm),
  },
  'key-weak': {
    cites: 'NIST SP 800-131A rev. 2 §3',
    alone: ({ publicKey: { algorithm, size } }, { publicKey }) => {
      if (algorithm === 'RSA' && size < 2048) return `RSA ${size}`;
      if (algorithm === 'RSA' && publicKey.exponent !== undefined && Number.parseInt(publicKey.exponent, 16) < 65_537)
        return `RSA with exponent ${Number.parseInt(publicKey.exponent, 16)}`;
      return when(publicKey.supported && algorithm !== 'RSA' && size > 0 && size < 256, `${algorithm} ${size}`);
    },
  },
  'serial-weak': {
    // A random serial of 63 bits (a habit of Go programs) is under 48 bits once in 32,768; one that counts always is.
    cites: 'RFC 5280 §4.1.2.2, CA/Browser Forum BR §7.1',
    alone: ({ serial }, { parts }) => {
      if (serial === '0') return 'serial 0';
      if (serial.startsWith('-')) return 'a negative serial';
      if (parts.serial.length > 20) return `a serial of ${parts.serial.length} octets`;
      return when(bitLength(parts.serial) < 48, `serial ${serial}`);
    },
  },
  malformed: {
    cites: 'RFC 5280 §4.1, §4.2; RFC 5480 §2.1.1',
    alone: (facts, { parts, extensions, publicKey }) => {
      const faults = [
        ...(facts.version === 3 ? [] : [`version ${facts.version}`]),
        ...(parts.sameAlgorithm ? [] : ['the signature algorithm inside is not the one outside']),
        ...(publicKey.explicitCurve ? ['the curve of its key is written out instead of named'] : []),
        ...extensions.faults,
      ];
      return when(faults.length > 0, faults.join('; '));
    },
  },
  'unknown-critical-extension': {
    cites: 'RFC 5280 §4.2',
    alone: (_facts, { extensions }) => when(extensions.unknownCritical.length > 0, extensions.unknownCritical.join(', ')),
  },
  'alternative-names-absent': {
    cites: 'RFC 6125 §6.4.4, RFC 9525 §2',
    // Only clients look for the server's name there; who takes client certificates goes by the subject (kubeadm's and PostgreSQL's have nothing else).
    alone: (_facts, raw) =>
      when(
        !isAuthority(raw) && mayServe(raw) && !raw.extensions.values.names && !isBroken(raw, 'subject alternative names'),
        'no subject alternative name',
      ),
  },
  'alternative-names-not-critical': {
    cites: 'RFC 5280 §4.2.1.6',
    alone: (_facts, { parts, extensions }) =>
      when(
        isEmptyName(parts) && extensions.values.names !== undefined && !extensions.critical.has(extensionIds.subjectAltName),
        'the subject is empty',
      ),
  },
  'name-malformed': {
    cites: 'RFC 5280 §4.2.1.6, RFC 1034 §3.5, RFC 6125 §6.4.3',
    alone: (_facts, { extensions }) => {
      const faults = (extensions.values.names ?? []).map(nameFault).filter((fault) => fault !== undefined);
      return when(faults.length > 0, faults.join('; '));
    },
  },
  'authority-key-identifier': {
    cites: 'RFC 5280 §4.2.1.1',
    alone: (facts, raw) =>
      when(
        facts.authorityKeyIdentifier === undefined && facts.subjectDer !== facts.issuerDer && !isBroken(raw, 'authority key identifier'),
        'missing',
      ),
    under: (facts, issuer) => {
      const [named, actual] = [facts.authorityKeyIdentifier, issuer.subjectKeyIdentifier];
      return when(named !== undefined && actual !== undefined && named !== actual, `names ${named}, while its issuer is ${actual}`);
    },
  },
  'subject-key-identifier': {
    cites: 'RFC 5280 §4.2.1.2',
    alone: (facts, raw) =>
      when(isAuthority(raw) && facts.subjectKeyIdentifier === undefined && !isBroken(raw, 'subject key identifier'), 'missing'),
  },
  'basic-constraints-not-critical': {
    cites: 'RFC 5280 §4.2.1.9',
    alone: (facts, raw) =>
      when(facts.basicConstraints?.ca === true && !raw.extensions.critical.has(extensionIds.basicConstraints), 'not critical'),
  },
  'basic-constraints-absent': {
    cites: 'RFC 5280 §4.2.1.9',
    alone: (facts, raw) =>
      when(
        isAuthority(raw) && facts.basicConstraints?.ca !== true && !isBroken(raw, 'basic constraints'),
        facts.basicConstraints ? 'cA is false' : 'missing',
      ),
  },
  'key-usage-absent': {
    cites: 'RFC 5280 §4.2.1.3',
    alone: (_facts, raw) => when(!raw.extensions.values.keyUsages && !isBroken(raw, 'key usage'), 'missing'),
  },
  'key-usage-not-critical': {
    cites: 'RFC 5280 §4.2.1.3',
    alone: (_facts, { extensions }) =>
      when(extensions.values.keyUsages !== undefined && !extensions.critical.has(extensionIds.keyUsage), 'not critical'),
  },
  'key-usage-of-leaf': {
    cites: 'RFC 5280 §4.2.1.3, §4.2.1.9',
    alone: (facts, raw) =>
      when(!isAuthority(raw) && facts.basicConstraints?.ca !== true && facts.usages.includes('cert sign'), 'cert sign'),
  },
  'key-usage-of-authority': {
    cites: 'RFC 5280 §4.2.1.3',
    alone: (facts, raw) =>
      when(isAuthority(raw) && raw.extensions.values.keyUsages !== undefined && !facts.usages.includes('cert sign'), 'no cert sign'),
  },
  'extended-key-usage-absent': {
    cites: 'RFC 5280 §4.2.1.12',
    alone: (_facts, raw) =>
      when(!isAuthority(raw) && !raw.extensions.values.extendedUsages && !isBroken(raw, 'extended key usage'), 'missing'),
  },
  'leaf-is-authority': {
    cites: 'RFC 5280 §4.2.1.9',
    alone: (facts, raw) => when(!isAuthority(raw) && facts.basicConstraints?.ca === true, 'cA is true'),
  },
  'self-named': {
    cites: 'RFC 5280 §6.1',
    under: (facts, issuer) =>
      when(
        facts.subjectDer === issuer.subjectDer && facts.publicKey.spkiSha256 !== issuer.publicKey.spkiSha256,
        'subject and issuer have the same name',
      ),
  },
  'validity-inverted': {
    cites: 'RFC 5280 §4.1.2.5',
    alone: ({ notBefore, notAfter }) => when(notAfter < notBefore, 'notAfter is before notBefore'),
  },
  'validity-malformed': {
    cites: 'RFC 5280 §4.1.2.5.1, §4.1.2.5.2',
    alone: (_facts, { dateFaults }) => when(dateFaults.length > 0, dateFaults.join('; ')),
  },
  'validity-long': {
    cites: 'NIST SP 800-57 part 1 rev. 5 §5.6.3',
    alone: ({ notBefore, notAfter }) => when(notAfter - notBefore > thirtyYears, `${Math.floor((notAfter - notBefore) / 86_400)} days`),
  },
  'extended-key-usage-of-authority': {
    cites: 'CA/Browser Forum BR §7.1.2.1.2',
    alone: (facts, raw) => {
      const extended = raw.extensions.values.extendedUsages?.known ?? [];
      const restricted =
        raw.extensions.values.extendedUsages !== undefined &&
        !extended.includes('any') &&
        !(extended.includes('server auth') && extended.includes('client auth'));
      return when(isAuthority(raw) && restricted, [...extended, ...facts.otherUsages].join(', '));
    },
  },
  'key-algorithm-limited': {
    cites: 'RFC 8410; NSS 3.87 refuses it',
    alone: ({ publicKey: { algorithm } }) => when(algorithm === 'Ed25519' || algorithm === 'Ed448', algorithm),
  },
  'key-unsupported': {
    cites: 'RFC 5280 §4.1.2.7',
    alone: (facts, { publicKey }) => when(!publicKey.supported && !publicKey.explicitCurve, facts.publicKey.algorithm),
  },
  'path-length-violated': {
    cites: 'RFC 5280 §4.2.1.9, §6.1.4 (m)',
    under: (facts, issuer) =>
      when(
        facts.basicConstraints?.ca === true && facts.subjectDer !== facts.issuerDer && issuer.basicConstraints?.pathLength === 0,
        'its issuer has path length 0',
      ),
  },
  'name-constraints-violated': {
    cites: 'RFC 5280 §4.2.1.10',
    under: (facts, issuer) =>
      issuer.nameConstraints && facts.subjectDer !== issuer.subjectDer
        ? violatedConstraint(facts.names, issuer.nameConstraints)
        : undefined,
  },
} as const satisfies Record<CertificateProblemCode, ProblemRow>;

export const certificateProblemCodes = Object.keys(certificateProblems) as readonly CertificateProblemCode[];

/** What can be said of a certificate by itself, in the order of the table. */
export const problemsAlone = (facts: Facts, raw: RawCertificate): readonly CertificateProblem[] =>
  found(rowsAlone, ({ alone }) => alone?.(facts, raw));

/** What can be said only beside the issuer's certificate that verifies its signature (for a root, its own). */
export const problemsUnder = (facts: CertificateFacts, issuer: CertificateFacts): readonly CertificateProblem[] =>
  found(rowsUnder, ({ under }) => under?.(facts, issuer));

type CodedRow = readonly [CertificateProblemCode, ProblemRow];
const rowsWith = (seen: 'alone' | 'under'): readonly CodedRow[] =>
  certificateProblemCodes.flatMap((code): readonly CodedRow[] => {
    const row: ProblemRow = certificateProblems[code];
    return row[seen] ? [[code, row]] : [];
  });
/** Asked of each certificate again and again: each table only for what it can tell. */
const [rowsAlone, rowsUnder] = [rowsWith('alone'), rowsWith('under')];

const found = (rows: readonly CodedRow[], check: (row: ProblemRow) => string | undefined): readonly CertificateProblem[] =>
  compact(
    rows.flatMap(([code, row]) => {
      const detail = check(row);
      return detail === undefined ? [] : [{ code, detail }];
    }),
  );

/** An extension that is there and does not parse is `malformed`, not absent. */
const isBroken = ({ extensions }: RawCertificate, name: string): boolean => extensions.faults.some((fault) => fault.startsWith(`${name}:`));
const isEmptyName = ({ subject }: CertificateParts): boolean => subject.content === subject.end;
