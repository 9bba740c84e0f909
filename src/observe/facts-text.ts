/**
 * Facts as one line of text each, and back. What brothers and sisters have in common, their issuer above all, stands in a list of its own: it is written and
 * read once, and is the same object in all of them.
 */
import { isSame } from '../domain/is-same.ts';
import { isObject } from '../domain/json.ts';
import type { KeyFacts } from '../domain/keys.ts';
import type { CertificateFacts } from '../domain/observed-state.ts';

/** In the order in which they stand in a line. */
type Own = readonly [
  family: number,
  serial: string,
  subject: CertificateFacts['subject'],
  subjectDer: string,
  notBefore: CertificateFacts['notBefore'],
  notAfter: CertificateFacts['notAfter'],
  names: CertificateFacts['names'],
  spkiSha256: string,
  subjectKeyIdentifier: string | null,
];

type Common = Pick<
  CertificateFacts,
  | 'version'
  | 'issuer'
  | 'issuerDer'
  | 'usages'
  | 'otherUsages'
  | 'basicConstraints'
  | 'nameConstraints'
  | 'signatureAlgorithm'
  | 'authorityKeyIdentifier'
  | 'problems'
> &
  Pick<CertificateFacts['publicKey'], 'algorithm' | 'size'>;

/** One line, in ASCII. */
const lineOf = (value: unknown): string =>
  JSON.stringify(value).replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

export interface FactsWriter {
  /** Undefined where the text would not say the same again: what JSON has no word for. */
  readonly certificate: (facts: CertificateFacts) => string | undefined;
  readonly key: (facts: KeyFacts) => string | undefined;
  /** What stands in the list by then. */
  readonly shared: () => string;
}

export function factsWriter(): FactsWriter {
  const families = new Map<string, number>();
  return {
    certificate(facts) {
      const common = lineOf(commonOf(facts));
      const family = families.get(common) ?? families.size;
      const line = lineOf(ownOf(facts, family));
      const again = ownIn(line);
      if (!again || !isSame(certificateOf(again, JSON.parse(common) as Common, facts), facts)) return undefined;
      families.set(common, family);
      return line;
    },
    key(facts) {
      const line = lineOf(facts);
      return isSame(parsed(line), facts) ? line : undefined;
    },
    shared: () => `[${[...families.keys()].join(',')}]`,
  };
}

export interface FactsReader {
  /** Undefined where the line says nothing that can be understood. */
  readonly certificate: (line: string, identity: Pick<CertificateFacts, 'sha256' | 'der'>) => CertificateFacts | undefined;
  readonly key: (line: string) => KeyFacts | undefined;
}

export function factsReader(shared: string): FactsReader {
  const list = parsed(shared);
  const families = Array.isArray(list) ? (list as readonly Common[]) : [];
  return {
    certificate(line, identity) {
      const own = ownIn(line);
      const common = own && families[own[0]];
      return common && certificateOf(own, common, identity);
    },
    key(line) {
      const facts = parsed(line);
      return isKey(facts) ? facts : undefined;
    },
  };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}

function ownIn(line: string): Own | undefined {
  const own = parsed(line);
  return Array.isArray(own) && own.length === 9 && typeof own[0] === 'number' ? (own as unknown as Own) : undefined;
}

const isKey = (facts: unknown): facts is KeyFacts =>
  isObject(facts) &&
  typeof facts['spkiSha256'] === 'string' &&
  typeof facts['algorithm'] === 'string' &&
  'size' in facts &&
  'encoding' in facts;

const commonOf = ({ publicKey: { algorithm, size }, ...facts }: CertificateFacts): Common => ({
  version: facts.version,
  issuer: facts.issuer,
  issuerDer: facts.issuerDer,
  usages: facts.usages,
  otherUsages: facts.otherUsages,
  basicConstraints: facts.basicConstraints,
  nameConstraints: facts.nameConstraints,
  signatureAlgorithm: facts.signatureAlgorithm,
  authorityKeyIdentifier: facts.authorityKeyIdentifier,
  problems: facts.problems,
  algorithm,
  size,
});

const ownOf = (facts: CertificateFacts, family: number): Own => [
  family,
  facts.serial,
  facts.subject,
  facts.subjectDer,
  facts.notBefore,
  facts.notAfter,
  facts.names,
  facts.publicKey.spkiSha256,
  facts.subjectKeyIdentifier ?? null,
];

type Growing<Facts> = { -readonly [Name in keyof Facts]: Facts[Name] };

/** Built field by field, in the order of a certificate that was read: so all of them are of few hidden classes, as those are. */
function certificateOf(own: Own, common: Common, { sha256, der }: Pick<CertificateFacts, 'sha256' | 'der'>): CertificateFacts {
  const [, serial, subject, subjectDer, notBefore, notAfter, names, spkiSha256, subjectKeyIdentifier] = own;
  const { version, issuer, issuerDer, usages, otherUsages, basicConstraints, nameConstraints, problems, algorithm, size } = common;
  const { signatureAlgorithm, authorityKeyIdentifier } = common;
  const begun: Omit<CertificateFacts, 'publicKey' | 'signatureAlgorithm'> = {
    problems,
    sha256,
    der,
    version,
    serial,
    subject,
    issuer,
    subjectDer,
    issuerDer,
    notBefore,
    notAfter,
    names,
    usages,
    otherUsages,
  };
  const facts = begun as Growing<CertificateFacts>;
  if (basicConstraints) facts.basicConstraints = basicConstraints;
  if (nameConstraints) facts.nameConstraints = nameConstraints;
  facts.publicKey = { algorithm, size, spkiSha256 };
  facts.signatureAlgorithm = signatureAlgorithm;
  if (subjectKeyIdentifier !== null) facts.subjectKeyIdentifier = subjectKeyIdentifier;
  if (authorityKeyIdentifier !== undefined) facts.authorityKeyIdentifier = authorityKeyIdentifier;
  return facts;
}
