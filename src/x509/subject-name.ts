import type { Name } from '@peculiar/x509';
import { type Subject, subjectAttributes, subjectValues } from '../domain/subject.ts';
import type { IssuingLibrary } from './issuing-library.ts';

/** X.520 defines these as PrintableString; everything else is UTF8String (RFC 5280 §4.1.2.4). */
const printable: ReadonlySet<string> = new Set(['countries', 'serialNumber']);

/** One RDN per value, in the order of `subjectAttributes`. Built from values, never from a string: `=`, `,` and line breaks are just characters. */
export function subjectName(library: IssuingLibrary, subject: Subject): Name {
  const attributes = subjectAttributes.flatMap(({ field, oid }) =>
    subjectValues(subject, field).map((value) => {
      if (!printable.has(field)) return { [oid]: [{ utf8String: value }] };
      if (!library.Name.isPrintableString(value))
        throw new RangeError(`${field} cannot hold ${JSON.stringify(value)}: only the characters of PrintableString`);
      return { [oid]: [{ printableString: value }] };
    }),
  );
  return new library.Name(attributes);
}
