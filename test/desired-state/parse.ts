/** Parsing from text, for the tests of this room: one ordinary file, of which a test changes what is odd about its own. */
import { type Parsed, parseDesiredState } from '../../src/desired-state/parse-desired-state.ts';
import type { DesiredResource, DesiredState } from '../../src/domain/desired-state.ts';
import { parseInstant } from '../../src/domain/time.ts';

export interface Options {
  readonly host?: string;
  readonly root?: string;
  readonly stateDir?: string;
  readonly set?: Readonly<Record<string, string>>;
}

const now = parseInstant('2026-11-23T12:00:00Z');
if (now === undefined) throw new Error('a date that is one');

export function parseFiles(files: Readonly<Record<string, string | Uint8Array>>, options: Options = {}): Parsed {
  const sources = Object.entries(files).map(([file, content]) => ({
    file,
    bytes: typeof content === 'string' ? new TextEncoder().encode(content) : content,
  }));
  return parseDesiredState(sources, {
    host: options.host ?? 'host-1',
    root: options.root ?? '',
    stateDir: options.stateDir ?? '/var/lib/certstate',
    set: new Map(Object.entries(options.set ?? {})),
    from: Object.keys(files),
    now: now as NonNullable<typeof now>,
  });
}

export const parse = (content: string | Uint8Array, options: Options = {}): Parsed => parseFiles({ 'pki.yaml': content }, options);

/** The state of a text that has nothing wrong with it. */
export function stateOf(text: string, options: Options = {}): DesiredState {
  const { state, diagnostics } = parse(text, options);
  if (!state) throw new Error(`rejected: ${diagnostics.map(({ code, message }) => `${code}: ${message}`).join('; ')}`);
  return state;
}

export function resourceOf(text: string, address: string, options: Options = {}): DesiredResource {
  const resource = stateOf(text, options).resources.find((candidate) => candidate.address === address);
  if (!resource) throw new Error(`no ${address}`);
  return resource;
}

const authority = ['    commonName: etcd', '    files: { certificate: /etc/etcd/ca.crt, privateKey: /etc/etcd/ca.key }'];
const certificate = [
  '    issuer: etcd',
  '    commonName: server',
  '    dnsNames: [server]',
  '    profile: peer',
  '    files: { certificate: /etc/etcd/server.crt, privateKey: /etc/etcd/server.key }',
];

/** Field names of the lines at the outermost level of a resource, the mark aside. */
const fieldsOf = (lines: string): readonly string[] =>
  [...lines.replaceAll('‸', '').matchAll(/^([\w<]+):/gm)].map((match) => match[1] as string);

/** An ordinary file; the given lines are added to its authority, its certificate, or its end, in the place of lines for the same fields. */
export function file({
  ca = '',
  cert = '',
  end = '',
  start = '',
  without = [],
}: {
  readonly ca?: string;
  readonly cert?: string;
  readonly end?: string;
  readonly start?: string;
  readonly without?: readonly string[];
} = {}): string {
  const kept = (lines: readonly string[], added: string) =>
    lines.filter((line) => ![...fieldsOf(added), ...without].some((field) => line.startsWith(`    ${field}:`)));
  const indented = (lines: string) => (lines === '' ? [] : lines.split('\n').map((line) => `    ${line}`));
  return [
    'version: 1',
    ...(start === '' ? [] : [start]),
    'authorities:',
    '  etcd:',
    ...kept(authority, ca),
    ...indented(ca),
    'certificates:',
    '  server:',
    ...kept(certificate, cert),
    ...indented(cert),
    ...(end === '' ? [] : [end]),
    '',
  ].join('\n');
}
