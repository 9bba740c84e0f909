/** Distinguished names as plain data: one list per attribute type (RFC 5280 §4.1.2.4). */
export interface Subject {
  readonly commonName?: string | undefined;
  readonly organizations?: readonly string[] | undefined;
  readonly organizationalUnits?: readonly string[] | undefined;
  readonly countries?: readonly string[] | undefined;
  readonly localities?: readonly string[] | undefined;
  readonly provinces?: readonly string[] | undefined;
  readonly streetAddresses?: readonly string[] | undefined;
  readonly postalCodes?: readonly string[] | undefined;
  readonly serialNumber?: string | undefined;
  /** Attributes on disk that the YAML has no word for, as `OID=value`. Never desired. */
  readonly other?: readonly string[] | undefined;
}

export interface SubjectAttribute {
  readonly field: Exclude<keyof Subject, 'other'>;
  readonly short: string;
  readonly oid: string;
  /** Upper bound of X.520 in characters (RFC 5280 appendix A.1). */
  readonly maxLength: number;
}

/** In the order in which we encode them, broadest first, as most tools do. */
// biome-ignore format: table
export const subjectAttributes: readonly SubjectAttribute[] = [
  { field: 'countries',           short: 'C',            oid: '2.5.4.6',  maxLength: 2 },
  { field: 'provinces',           short: 'ST',           oid: '2.5.4.8',  maxLength: 128 },
  { field: 'localities',          short: 'L',            oid: '2.5.4.7',  maxLength: 128 },
  { field: 'streetAddresses',     short: 'STREET',       oid: '2.5.4.9',  maxLength: 128 },
  { field: 'postalCodes',         short: 'postalCode',   oid: '2.5.4.17', maxLength: 40 },
  { field: 'organizations',       short: 'O',            oid: '2.5.4.10', maxLength: 64 },
  { field: 'organizationalUnits', short: 'OU',           oid: '2.5.4.11', maxLength: 64 },
  { field: 'serialNumber',        short: 'serialNumber', oid: '2.5.4.5',  maxLength: 64 },
  { field: 'commonName',          short: 'CN',           oid: '2.5.4.3',  maxLength: 64 },
];

const none: readonly string[] = [];

/** The values of one attribute, none, one or many, always as a list. */
export function subjectValues(subject: Subject, field: SubjectAttribute['field']): readonly string[] {
  const value = subject[field];
  return value === undefined ? none : typeof value === 'string' ? [value] : value;
}

/** `CN=etcd-server, O=system:masters`: most specific first, values escaped as RFC 4514 §2.4 asks; `(empty)` where there is none. */
export function formatSubject(subject: Subject): string {
  const all: string[] = [];
  for (const { field, short } of mostSpecificFirst)
    for (const value of subjectValues(subject, field)) all.push(`${short}=${plain.test(value) ? value : escapeValue(value)}`);
  if (subject.other) all.push(...subject.other);
  return all.length === 0 ? '(empty)' : all.join(', ');
}

const mostSpecificFirst = subjectAttributes.toReversed();
/** Nothing in it that is escaped: most values, seen to be so in one look. */
const plain = /^[\w.:@*/-]+$/;

const escapeValue = (value: string): string =>
  value
    .replace(/[\\",+<>;=]/g, '\\$&')
    .replace(
      /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/g,
      (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
    )
    .replace(/^[ #]|(?<=.) $/g, '\\$&');

/** Whether two names say the same, attribute by attribute, the order of several values of one attribute aside. */
export function sameSubject(left: Subject, right: Subject): boolean {
  return (
    subjectAttributes.every(
      ({ field }) => left[field] === right[field] || sameValues(subjectValues(left, field), subjectValues(right, field)),
    ) && sameValues(left.other ?? none, right.other ?? none)
  );
}

function sameValues(one: readonly string[], other: readonly string[]): boolean {
  if (one.length !== other.length) return false;
  if (one.length < 2) return one[0] === other[0];
  const sorted = other.toSorted();
  return one.toSorted().every((value, index) => value === sorted[index]);
}
