/** What is wrong with a subject alternative name as it stands: verifiers disagree about such names, or refuse them all. */
import { normalIpAddress } from '../domain/alternative-names.ts';
import type { GeneralName } from './read-names.ts';

/** The fault of one name, or undefined where it has none. */
export function nameFault({ kind, text, octets }: GeneralName): string | undefined {
  const fault =
    kind === 'dnsNames'
      ? dnsFault(text)
      : kind === 'emailAddresses'
        ? emailFault(text)
        : kind === 'uris'
          ? uriFault(text)
          : octets && kind === 'otherNames'
            ? `an address of ${octets.length} octets`
            : undefined;
  return fault && `${shown(text)}: ${fault}`;
}

function dnsFault(name: string): string | undefined {
  if (normalIpAddress(name) !== undefined) return 'an IP address written as dNSName';
  if (name.endsWith('.')) return 'a trailing dot';
  if (name === '' || name.length > 253) return 'not between 1 and 253 characters';
  const labels = name.split('.');
  const [first, ...rest] = labels;
  if (name.includes('*') && (first !== '*' || rest.some((label) => label.includes('*'))))
    return 'a wildcard that is not the whole leftmost label';
  if (first === '*' && rest.length < 2) return 'a wildcard right under a top-level domain';
  if (labels.some((label) => label === '' || label.length > 63)) return 'a label that is not between 1 and 63 characters';
  if (name.includes('_')) return 'an underscore';
  if (labels.some((label) => label !== '*' && !/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(label)))
    return 'characters that host names do not have';
  return undefined;
}

const emailFault = (address: string): string | undefined => (/^[!-?A-~]+@[!-?A-~]+$/.test(address) ? undefined : 'no mailbox');
const uriFault = (uri: string): string | undefined => (/^[a-z][a-z0-9+.-]*:[!-~]+$/i.test(uri) ? undefined : 'no absolute URI');

/** Names come from whoever made the certificate: nothing that could steer a terminal gets through, and not a book either. */
const shown = (text: string): string =>
  (text.length > 80 ? `${text.slice(0, 80)}…` : text).replace(
    /[^ -~\u2026]/g,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
