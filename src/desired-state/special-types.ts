/** Types of single fields: commands, endpoints, fingerprints, subject attributes. */
import { isSeq } from 'yaml';
import { ipAddressOctets } from '../domain/alternative-names.ts';
import { type Code, codes, isCode } from '../domain/codes.ts';
import { keySizes } from '../domain/keys.ts';
import { subjectAttributes } from '../domain/subject.ts';
import { listOf, orVariable, textType } from './basic-types.ts';
import type { FieldType, Located } from './field.ts';
import { didYouMean, listed, quoted } from './problem.ts';
import { atOf, placeOfNode, scalarType } from './scalar-type.ts';

const argument = textType({}, (text) => text);
const argumentList = listOf(argument);

/**
 * A program and its arguments, one by one: there is no shell. `argv[0]` is absolute, or a bare name that is looked up in a fixed PATH;
 * whether it is there and may be run depends on the host.
 */
export const command: FieldType<readonly string[]> = {
  schema: { type: 'array', minItems: 1, items: { type: 'string' } },
  read(node, spot, context) {
    const at = atOf(placeOfNode(node, spot, context), spot, context);
    if (!isSeq(node))
      return at.wrong({
        code: 'invalid-command',
        message: `${spot.path} takes a list: the program and its arguments, one by one`,
        hint: 'write [systemctl, restart, etcd]; no shell reads it, so && and pipes belong into a script',
        label: 'not a list',
      });
    const words = argumentList.read(node, spot, context) as readonly Located<string>[] | undefined;
    const program = words?.[0];
    if (!words || !program)
      return at.wrong({
        code: 'invalid-command',
        message: `${spot.path} names no program`,
        hint: 'write [systemctl, restart, etcd], or remove the line',
      });
    if (!/^\/[^\s]*[^/\s]$|^[A-Za-z0-9_][A-Za-z0-9._+-]*$/.test(program.value) || program.value.split('/').includes('..')) {
      return atOf(program.place, spot, context).wrong({
        code: 'invalid-command',
        message: `${quoted(program.value)} is neither an absolute path nor the bare name of a program`,
        hint: 'write the absolute path of the program, and each argument as an element of its own',
        label: 'not a program',
      });
    }
    const template = words.find(({ value }) => /\{\{|\}\}/.test(value));
    if (template)
      return atOf(template.place, spot, context).wrong({
        code: 'invalid-command',
        message: `${quoted(template.value)} would be handed over as it is`,
        hint: 'variables are written ${name}; paths and keys are never handed to a program',
        label: 'nothing is put in here',
      });
    return words.map(({ value }) => value);
  },
};

/** `host:port` or `[address]:port`. */
export const endpoint = textType({ pattern: orVariable('(?:[^\\s:/\\[\\]]+|\\[[0-9A-Fa-f:.]+\\]):[0-9]{1,5}') }, (text, at) => {
  const [, bracketed, host, port] = /^(?:\[([^\]]*)\]|([^:/[\]\s]+)):(\d{1,5})$/.exec(text) ?? [];
  const address = bracketed ?? host;
  const fine =
    address !== undefined &&
    Number(port) >= 1 &&
    Number(port) <= 65_535 &&
    (bracketed === undefined || (bracketed.includes(':') && ipAddressOctets(bracketed)));
  return fine
    ? text
    : at.wrong({
        code: 'invalid-endpoint',
        message: `${quoted(text)} is not a host and a port`,
        hint: 'write "127.0.0.1:2379", "[::1]:2379" or "etcd.example.com:2379"',
        label: 'not an endpoint',
      });
});

/** SHA-256 of the SubjectPublicKeyInfo, as hex. */
export const fingerprint = textType({ pattern: orVariable('sha256:[0-9A-Fa-f]{64}') }, (text, at) => {
  const hex = /^sha256:([0-9A-Fa-f]{64})$/.exec(text)?.[1];
  return (
    hex?.toLowerCase() ??
    at.wrong({
      code: 'invalid-fingerprint',
      message: `${quoted(text)} is not the fingerprint of a public key`,
      hint: 'write sha256: and 64 hexadecimal digits; "certstate show" prints it',
      label: 'not a fingerprint',
    })
  );
});

const allSizes: readonly number[] = Object.values(keySizes).flat();

/** Bits of a key that somebody makes today; whether it fits the algorithm is asked where both are known. */
export const keySize = scalarType(
  { anyOf: [{ enum: allSizes }, { type: 'string', pattern: '\\$\\{' }] },
  ({ text, writtenAs, substituted }, at): number | undefined => {
    const size = /^[0-9]+$/.test(text) && (writtenAs === 'integer' || substituted) ? Number(text) : undefined;
    if (size !== undefined && allSizes.includes(size)) return size;
    return at.wrong({
      code: 'invalid-key-size',
      message: `${at.spot.path} cannot be ${text === '' ? 'nothing' : quoted(text)}`,
      hint: `use ${listed(keySizes.RSA.map(String), 'or')} for RSA, ${listed(keySizes.ECDSA.map(String), 'or')} for ECDSA, as a plain number`,
      label: 'not a size of a key',
    });
  },
);

type Attribute = (typeof subjectAttributes)[number]['field'];

/** One value of a subject attribute, within the bounds of X.520 (RFC 5280 appendix A.1). */
export function attribute(field: Attribute) {
  const { short, maxLength } = subjectAttributes.find((row) => row.field === field) as (typeof subjectAttributes)[number];
  return textType({ minLength: 1 }, (text, at) => {
    const fault = attributeFault(field, text, maxLength);
    return fault
      ? at.wrong({
          code: 'invalid-subject',
          message: `${at.spot.path} cannot be ${quoted(text)}: ${fault}`,
          hint: `use another value for ${short}`,
          label: fault,
        })
      : text;
  });
}

function attributeFault(field: Attribute, text: string, maxLength: number): string | undefined {
  if (text.trim() === '') return 'it is empty';
  if (text !== text.trim()) return 'it begins or ends with a space';
  if ([...text].length > maxLength) return `it has more than ${maxLength} characters`;
  if (field === 'countries' && !/^[A-Z]{2}$/.test(text)) return 'a country is two capital letters (ISO 3166)';
  if (field === 'serialNumber' && !/^[A-Za-z0-9 '()+,./:=?-]*$/.test(text))
    return 'it takes only letters, digits and plain punctuation (PrintableString)';
  return undefined;
}

/** A code that `check` may report and that can be tolerated. */
export const findingCode = textType({ pattern: '^[a-z0-9-]+$' }, (text, at): Code | undefined => {
  const known = (Object.keys(codes) as Code[]).filter((code) => codes[code].as.some((use) => use !== 'effect' && use !== 'diagnostic'));
  if (isCode(text) && known.includes(text)) return text;
  return at.wrong({
    code: 'unknown-code',
    message: `${quoted(text)} is not the code of a finding`,
    hint: 'write the code that "certstate check" shows behind what it found',
    label: didYouMean(text, known) ?? 'unknown',
  });
});

/** The name of a unit as systemd.unit(5) has it: at most 255 characters, with its type or without. */
export const unitName = textType({ pattern: orVariable('[A-Za-z0-9:_.@\\\\][A-Za-z0-9:_.@\\\\-]{0,254}') }, (text, at) =>
  /^[A-Za-z0-9:_.@\\][A-Za-z0-9:_.@\\-]{0,254}$/.test(text)
    ? text
    : at.wrong({
        code: 'invalid-unit',
        message: `${quoted(text)} is not the name of a unit of systemd`,
        hint: 'write a name such as nginx.service, as systemctl lists it',
        label: 'not a unit',
      }),
);

/** The name of a pod: a DNS subdomain (RFC 1123), as Kubernetes has it. */
export const podName = textType({ pattern: orVariable('[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?') }, (text, at) =>
  /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/.test(text)
    ? text
    : at.wrong({
        code: 'invalid-pod',
        message: `${quoted(text)} is not the name of a pod`,
        hint: 'write the name in the metadata of its manifest, such as kube-apiserver',
        label: 'not a pod',
      }),
);
