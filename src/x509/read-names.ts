/** Names inside certificates (RFC 5280 §4.1.2.4 and §4.2.1.6), read from their octets: never from a text in which a name could pretend to be two. */
import { formatIpOctets, type ObservedNames, sortedSet } from '../domain/alternative-names.ts';
import { compact } from '../domain/compact.ts';
import { formatSubject, type Subject, type SubjectAttribute, subjectAttributes } from '../domain/subject.ts';
import {
  childrenOf,
  constructed,
  contentOf,
  type Der,
  DerError,
  encodingOf,
  expect,
  hexOf,
  objectIdentifier,
  primitive,
  tags,
} from './der.ts';

const attributes = new Map(subjectAttributes.map((attribute) => [attribute.oid, attribute.field]));
const singular: ReadonlySet<SubjectAttribute['field']> = new Set(['commonName', 'serialNumber']);
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A distinguished name. A second common name, and what the YAML has no word for, goes into `other`. */
export function readDistinguishedName(name: Der): Subject {
  const fields: Partial<Record<SubjectAttribute['field'], string[]>> = {};
  const other: string[] = [];
  for (const relative of childrenOf(expect(name, tags.sequence, 'distinguished name'))) {
    for (const attribute of childrenOf(expect(relative, tags.set, 'relative distinguished name'))) {
      const [type, value] = childrenOf(expect(attribute, tags.sequence, 'attribute of a name'));
      const oid = objectIdentifier(expect(type, tags.objectIdentifier, 'type of an attribute'));
      if (value === undefined) throw new DerError(`the attribute ${oid} has no value`);
      const field = attributes.get(oid);
      const text = readText(value);
      if (field === undefined || text === undefined || (singular.has(field) && fields[field]))
        other.push(`${oid}=${text ?? `#${hexOf(encodingOf(value))}`}`);
      else fields[field] = [...(fields[field] ?? []), text];
    }
  }
  const { commonName, serialNumber, ...lists } = fields;
  return {
    ...lists,
    ...(commonName && { commonName: commonName[0] }),
    ...(serialNumber && { serialNumber: serialNumber[0] }),
    ...(other.length > 0 && { other }),
  };
}

/** The text of a DirectoryString or its cousins; undefined for a value that is no text. */
function readText(value: Der): string | undefined {
  const octets = contentOf(value);
  switch (value.tag) {
    case tags.utf8String:
      return decodeUtf8(octets);
    case tags.printableString:
    case tags.ia5String:
    case tags.numericString:
    case tags.visibleString:
    case tags.teletexString: // T.61 in theory, Latin-1 in every certificate ever seen
      return latin1(octets);
    case tags.bmpString:
      return octets.length % 2 === 0 ? Buffer.from(octets).swap16().toString('utf16le') : undefined;
    default:
      return undefined;
  }
}

/** OpenSSL refuses a certificate with a name that is not UTF-8 where it says it is, and so every service on it. */
function decodeUtf8(octets: Uint8Array): string {
  try {
    return utf8.decode(octets);
  } catch {
    throw new DerError('a name that is not UTF-8');
  }
}

export const latin1 = (octets: Uint8Array): string => Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString('latin1');

/** One GeneralName: in which list it belongs, and its text as the list wants it. */
export interface GeneralName {
  readonly kind: keyof ObservedNames;
  readonly text: string;
  /** iPAddress only. */
  readonly octets?: Uint8Array;
}

/** Reads a GeneralName by its tag (RFC 5280 §4.2.1.6). Lower case where case means nothing; a trailing dot stays, for it is an error to be seen. */
export function readGeneralName(name: Der): GeneralName {
  const octets = contentOf(name);
  switch (name.tag) {
    case primitive(1):
      return { kind: 'emailAddresses', text: latin1(octets).replace(/@[^@]*$/, (domain) => domain.toLowerCase()) };
    case primitive(2):
      return { kind: 'dnsNames', text: latin1(octets).toLowerCase() };
    case primitive(6):
      return { kind: 'uris', text: latin1(octets) };
    case primitive(7): {
      const text = formatIpOctets([...octets]);
      return text === undefined
        ? { kind: 'otherNames', text: `iPAddress:#${hexOf(octets)}`, octets }
        : { kind: 'ipAddresses', text, octets };
    }
    case constructed(0):
      return {
        kind: 'otherNames',
        text: `otherName:${objectIdentifier(expect(childrenOf(name)[0], tags.objectIdentifier, 'type of an otherName'))}`,
      };
    case constructed(4):
      return {
        kind: 'otherNames',
        text: `dirName:${formatSubject(readDistinguishedName(expect(childrenOf(name)[0], tags.sequence, 'directoryName')))}`,
      };
    case primitive(8):
      return { kind: 'otherNames', text: `registeredID:${objectIdentifier(name)}` };
    case constructed(3):
      return { kind: 'otherNames', text: `x400Address:#${hexOf(octets)}` };
    case constructed(5):
      return { kind: 'otherNames', text: `ediPartyName:#${hexOf(octets)}` };
    default:
      return { kind: 'otherNames', text: `unknown:#${hexOf(encodingOf(name))}` };
  }
}

/** Names as sets in normal form. */
export function collectNames(names: readonly GeneralName[]): ObservedNames {
  const of = (kind: keyof ObservedNames) => compact(sortedSet(names.filter((name) => name.kind === kind).map(({ text }) => text)));
  return {
    dnsNames: of('dnsNames'),
    ipAddresses: of('ipAddresses'),
    uris: of('uris'),
    emailAddresses: of('emailAddresses'),
    otherNames: of('otherNames'),
  };
}
