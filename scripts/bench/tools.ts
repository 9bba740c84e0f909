/**
 * The tools people use instead: each in the fastest way its manual shows for one server certificate under an authority that is there, in a loop of
 * the shell. None of them flushes what it writes.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { run } from './run.ts';

interface Tool {
  readonly program: string;
  readonly debianPackage: string;
  /** What the figure is of, where it is not an ECDSA P-256 pair. */
  readonly note?: string;
  /** Makes the authority, in an empty folder. */
  readonly prepare: string;
  /** Makes the certificate of `host-$i.example.com`. */
  readonly issue: string;
}

const opensslAuthority =
  'openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.crt -subj /CN=bench -days 3650 -addext keyUsage=critical,keyCertSign';

export const tools = {
  openssl: {
    program: 'openssl',
    debianPackage: 'openssl',
    prepare: opensslAuthority,
    issue:
      'openssl req -x509 -CA ca.crt -CAkey ca.key -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout host-$i.key -out host-$i.crt -subj /CN=host-$i.example.com -days 365 -addext basicConstraints=critical,CA:FALSE -addext keyUsage=critical,digitalSignature -addext extendedKeyUsage=serverAuth -addext subjectAltName=DNS:host-$i.example.com',
  },
  minica: {
    program: 'minica',
    debianPackage: 'minica',
    note: 'RSA 2048, the only kind that Debian’s minica makes',
    prepare: 'minica -ca-cert ca.crt -ca-key ca.key -type server first.example.com',
    issue: 'minica -ca-cert ca.crt -ca-key ca.key -type server host-$i.example.com',
  },
  cfssl: {
    program: 'cfssl',
    debianPackage: 'golang-cfssl',
    prepare: `${opensslAuthority}
printf '%s' '{"signing":{"profiles":{"server":{"expiry":"8760h","usages":["digital signature","server auth"]}}}}' >profiles.json`,
    issue:
      'echo \'{"CN":"host-\'$i\'.example.com","hosts":["host-\'$i\'.example.com"],"key":{"algo":"ecdsa","size":256}}\' | cfssl gencert -loglevel 5 -ca ca.crt -ca-key ca.key -config profiles.json -profile server - | cfssljson -bare host-$i',
  },
  certtool: {
    program: 'certtool',
    debianPackage: 'gnutls-bin',
    prepare: opensslAuthority,
    issue: `certtool --generate-privkey --key-type ecdsa --curve secp256r1 --no-text --outfile host-$i.key
printf 'cn = "host-%s.example.com"\\ndns_name = "host-%s.example.com"\\nsigning_key\\ntls_www_server\\nexpiration_days = 365\\n' $i $i >template
certtool --generate-certificate --load-privkey host-$i.key --load-ca-certificate ca.crt --load-ca-privkey ca.key --template template --no-text --outfile host-$i.crt`,
  },
  'easy-rsa': {
    program: 'easyrsa',
    debianPackage: 'easy-rsa',
    prepare: `export EASYRSA_BATCH=1 EASYRSA_ALGO=ec EASYRSA_CURVE=prime256v1 EASYRSA_REQ_CN=bench
easyrsa init-pki
easyrsa build-ca nopass`,
    issue: `EASYRSA_BATCH=1 EASYRSA_ALGO=ec EASYRSA_CURVE=prime256v1 easyrsa --subject-alt-name=DNS:host-$i.example.com build-server-full host-$i.example.com nopass`,
  },
} as const satisfies Record<string, Tool>;

export type ToolName = keyof typeof tools;
export const toolNames = Object.keys(tools) as readonly ToolName[];
export const noteOn = (name: ToolName): string | undefined => (tools[name] satisfies Tool as Tool).note;

/** Debian keeps easy-rsa where no search path looks. */
const searchPath = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/share/easy-rsa'];

/** The tools that are installed; those that are not are named. */
export function installedTools(): { readonly installed: readonly ToolName[]; readonly missing: readonly string[] } {
  const isHere = (name: ToolName): boolean => searchPath.some((folder) => existsSync(join(folder, tools[name].program)));
  const absent = toolNames.filter((name) => !isHere(name));
  return { installed: toolNames.filter(isHere), missing: absent.map((name) => `${name} (Debian: ${tools[name].debianPackage})`) };
}

/** Makes a tool's authority in `folder`, which is empty. */
export const prepareTool = (name: ToolName, folder: string): void => void shell(folder, tools[name].prepare);

/** Has it make `count` certificates that are not there yet; milliseconds for each. */
export function issueWith(name: ToolName, folder: string, count: number): number {
  const script = join(folder, 'issue.sh');
  writeFileSync(
    script,
    `set -e\nlast=$(cat last 2>/dev/null || echo 0)\ni=$last\nwhile [ $i -lt $((last + ${count})) ]; do\ni=$((i + 1))\n${tools[name].issue}\ndone\necho $i >last\n`,
  );
  return shell(folder, `. ${script}`) / count;
}

function shell(folder: string, script: string): number {
  return run('env', [`PATH=${searchPath.join(delimiter)}`, 'sh', '-ec', script], folder).ms;
}
