/** Bad texts, each with ‸ where the diagnostic must point. Numbers are rows of the list of bad inputs that the design keeps. */
import type { InputCode } from '../../src/domain/codes.ts';
import { file, type Options } from './parse.ts';

export interface Rejection extends Options {
  readonly name: string;
  readonly code: InputCode;
  /** With the mark before the first character of the place. */
  readonly yaml: string;
  /** Codes that must be there besides; nothing else may. */
  readonly also?: readonly InputCode[];
  /** What must stand in the label or hint. */
  readonly says?: string;
}

const bracketed = (depth: number): string => '['.repeat(depth);

const weekends = (name: string): string => `windows:\n  ${name}: { cron: "0 2 * * 6,0", duration: 4h }`;

export const rejections: readonly Rejection[] = [
  // the file
  { name: 'row 1: an empty file is not the wish that nothing be there', code: 'file-empty', yaml: '‸' },
  { name: 'row 1: nor is one with only comments', code: 'file-empty', yaml: '‸# version: 1\n---\n# nothing\n' },
  { name: 'row 1: nor one that describes nothing', code: 'file-empty', yaml: '‸version: 1\nservices: {}\n' },
  { name: 'row 2: two documents', code: 'second-document', yaml: 'version: 1\n‸---\nversion: 1\n' },
  { name: 'row 3: nested brackets', code: 'nesting-too-deep', yaml: `a: ${bracketed(63)}‸${bracketed(4937)}` },
  { name: 'row 3: nested maps in one line', code: 'nesting-too-deep', yaml: `${'- '.repeat(64)}‸${'- '.repeat(3000)}x` },
  { name: 'row 4: aliases', code: 'alias', yaml: file({ cert: 'uris: [‸*a, "b:c"]' }) },
  { name: 'row 4: anchors', code: 'anchor', yaml: file({ ca: 'commonName: ‸&a etcd' }) },
  {
    name: 'row 5: an alias inside what it points to',
    code: 'alias-cyclic',
    yaml: file({ end: 'services: ‸&a {b: *a}' }).replace('‸&a {b: *a}', '&a {b: ‸*a}'),
    also: ['anchor'],
  },
  { name: 'row 6: too many bytes', code: 'file-too-large', yaml: `‸${'#'.repeat(2 ** 20)}\nversion: 1` },
  { name: 'row 34: tabs for indentation', code: 'yaml-syntax', yaml: 'version: 1\nauthorities:\n‸\tetcd: {}\n', says: 'spaces' },
  { name: 'row 35: a tag', code: 'custom-tag', yaml: file({ ca: 'commonName: ‸!!js/function etcd' }) },
  { name: 'row 35: a tag that YAML knows', code: 'custom-tag', yaml: file({ ca: 'commonName: ‸!!str etcd' }) },
  { name: 'a directive', code: 'yaml-directive', yaml: `‸%YAML 1.1\n---\n${file()}` },
  { name: 'a merge key', code: 'merge-key', yaml: file({ cert: '‸<<: { manage: observe }' }) },
  { name: 'row 8: a key twice', code: 'duplicate-key', yaml: file({ ca: 'manage: full\n‸manage: observe' }) },
  { name: 'row 8: a resource twice', code: 'duplicate-key', yaml: `${file()}  ‸server: {}\n` },
  { name: 'a control character', code: 'forbidden-character', yaml: 'version: 1 # ‸\u0007\n' },
  {
    name: 'one missing brace is said once',
    code: 'yaml-syntax',
    yaml: file({ ca: 'files: { certificate: /a/b, privateKey: /a/c' }).replace('certificates:', '‸certificates:'),
  },
  { name: 'a variable in brackets', code: 'unquoted-variable', yaml: file({ cert: 'ipAddresses: [‸${x}, 127.0.0.1]' }), says: '"${x}"' },
  {
    name: 'a variable inside a word in brackets',
    code: 'unquoted-variable',
    yaml: file({ cert: 'dnsNames: [a, ‸b.${x}.c]' }),
    says: '"b.${x}.c"',
  },
  {
    name: 'a wildcard in brackets',
    code: 'unquoted-wildcard',
    yaml: file({ cert: 'dnsNames: [‸*.example.com]' }),
    says: '"*.example.com"',
  },
  { name: 'a wildcard behind a dash', code: 'unquoted-wildcard', yaml: file({ cert: 'dnsNames:\n  - a.example.com\n  - ‸*.example.com' }) },
  {
    name: 'row 36: digits that a number cannot carry',
    code: 'unquoted-number',
    yaml: file({ cert: 'subject: { serialNumber: ‸12345678901234567890 }' }),
    says: '"12345678901234567890"',
  },
  { name: 'row 36: the same where a number is wanted', code: 'unquoted-number', yaml: file({ ca: 'pathLength: ‸12345678901234567890' }) },
  { name: 'a number where text is wanted', code: 'unquoted-number', yaml: file({ cert: 'commonName: ‸1.10' }), says: '"1.10"' },
  { name: 'a boolean where text is wanted', code: 'unquoted-number', yaml: file({ cert: 'dnsNames: [‸true]' }), says: '"true"' },
  { name: 'row 25: a bidirectional override', code: 'forbidden-character', yaml: file({ cert: 'dnsNames: [‸"a\u202Eb.example"]' }) },
  { name: 'row 27: a newline in a name', code: 'forbidden-character', yaml: file({ cert: 'commonName: ‸"a\\nb"' }) },
  {
    name: 'row 17: NUL in a path',
    code: 'forbidden-character',
    yaml: file({ cert: 'files: { certificate: ‸"/etc/a\\0b", privateKey: /etc/b }' }),
  },

  // shape
  { name: 'a list instead of a file', code: 'wrong-type', yaml: '‸- version: 1\n' },
  { name: 'row 7: __proto__', code: 'unknown-field', yaml: file({ cert: '‸__proto__: { manage: observe }' }) },
  { name: 'row 7: constructor', code: 'unknown-field', yaml: file({ end: '‸constructor: {}' }) },
  {
    name: 'row 9: a field that is nearly one',
    code: 'unknown-field',
    yaml: file({ cert: '‸renewBefor: 15d' }),
    says: 'did you mean "renewBefore"?',
  },
  {
    name: 'a required field that is nearly there is not missing too',
    code: 'unknown-field',
    yaml: file({ cert: '‸isuer: etcd', without: ['issuer'] }),
    says: 'did you mean "issuer"?',
  },
  { name: 'a field of the other kind', code: 'unknown-field', yaml: file({ ca: '‸renewBefore: 15d' }), says: 'warnBefore' },
  {
    name: 'a field that defaults cannot give',
    code: 'unknown-field',
    yaml: file({ start: 'defaults: { authorities: { ‸fingerprint: x } }' }),
    says: 'each resource',
  },
  { name: 'a field of a later version', code: 'reserved-field', yaml: file({ end: '‸kubeconfigs: {}' }) },
  {
    name: 'a later field of files',
    code: 'reserved-field',
    yaml: file({ ca: 'files: { certificate: /a/b, privateKey: /a/c, ‸trust: /a/d }' }),
  },
  { name: 'no version', code: 'missing-field', yaml: `‸${file().replace('version: 1\n', '')}` },
  { name: 'another version', code: 'unsupported-version', yaml: file().replace('version: 1', 'version: ‸2') },
  { name: 'a version in quotes', code: 'unsupported-version', yaml: file().replace('version: 1', 'version: ‸"1"') },
  {
    name: 'no issuer: the key of the resource is pointed at',
    code: 'missing-field',
    yaml: file({ without: ['issuer'] }).replace('  server:', '  ‸server:'),
  },
  { name: 'no usages', code: 'missing-field', yaml: file({ without: ['profile'] }).replace('  server:', '  ‸server:') },
  {
    name: 'no files',
    code: 'missing-field',
    yaml: file({ cert: 'manage: full' })
      .replace(/ +files: .*server.key }\n/, '')
      .replace('  server:', '  ‸server:'),
  },
  { name: 'files without a certificate', code: 'missing-field', yaml: file({ cert: '‸files: { privateKey: /a/b }' }) },
  { name: 'files without a private key', code: 'missing-field', yaml: file({ cert: '‸files: { certificate: /a/b }' }), says: 'observe' },
  { name: 'an empty copy', code: 'missing-field', yaml: file({ cert: 'copies:\n  - ‸mount: /mnt' }) },
  { name: 'half a provided pair', code: 'missing-field', yaml: file({ ca: '‸provided: { certificate: /opt/a }' }) },
  { name: 'a probe of nothing', code: 'missing-field', yaml: file({ cert: '‸probe: { serverName: a }' }) },
  { name: 'a map where a list is wanted', code: 'wrong-type', yaml: file({ cert: 'ipAddresses: ‸{ a: b }' }) },
  { name: 'a list where one value is wanted', code: 'wrong-type', yaml: file({ cert: 'commonName: ‸[a]' }) },
  { name: 'a field with nothing behind it', code: 'wrong-type', yaml: file({ cert: '‸duration:' }).replace('wrong', ''), also: [] },
  { name: 'a resource with nothing behind it', code: 'wrong-type', yaml: `${file()}  ‸other:\n` },
  { name: 'row 37: no for false', code: 'wrong-type', yaml: file({ cert: 'optional: ‸no' }), says: 'true or false' },
  { name: 'row 37: yes for true', code: 'wrong-type', yaml: file({ ca: 'protect: ‸yes' }) },
  { name: 'a name with capitals', code: 'invalid-name', yaml: `${file()}  ‸Other: {}\n` },
  { name: 'a key that is a list', code: 'wrong-type', yaml: file({ end: '‸[a]: b' }) },
  { name: 'a name that is kept for generations', code: 'invalid-name', yaml: `${file()}  ‸a@g2: {}\n` },
  { name: 'the name of a variable', code: 'invalid-name', yaml: file({ start: 'variables: { ‸a-b: c }' }) },
  { name: 'a variable with a meaning of its own', code: 'invalid-name', yaml: file({ start: 'variables: { ‸host: c }' }) },
  { name: 'the name of a host', code: 'invalid-name', yaml: file({ start: 'hosts: { host-1: {}, ‸a b: {} }' }) },
  { name: 'usages and a profile', code: 'conflicting-fields', yaml: file({ cert: 'usages: [client auth]\nprofile: ‸client' }) },
  {
    name: 'an external authority with a key',
    code: 'conflicting-fields',
    yaml: file({ ca: 'external: true\nfiles: { certificate: /a/b, privateKey: ‸/a/c }' }),
  },
  {
    name: 'an external authority that brings a key along',
    code: 'conflicting-fields',
    yaml: file({ ca: 'external: true\nfiles: { certificate: /a/b }\nprovided: { certificate: /o/b, privateKey: ‸/o/c }' }),
  },
  {
    name: 'row 30: too many names',
    code: 'too-many-entries',
    yaml: file({ cert: `dnsNames: ‸[${Array.from({ length: 5000 }, (_, index) => `n${index}`).join(', ')}]` }),
  },

  // variables and hosts
  {
    name: 'an unknown variable',
    code: 'unknown-variable',
    yaml: file({ start: 'variables: { floating: 192.0.2.1 }', cert: 'ipAddresses: ["${floating}", ‸"${floatng}"]' }),
    says: 'did you mean "floating"?',
  },
  {
    name: 'a variable that only another host has',
    code: 'unknown-variable',
    yaml: file({ start: 'hosts: { host-1: {}, host-2: { x: a } }', cert: 'dnsNames: [‸"${x}"]' }),
    says: 'hosts',
  },
  { name: 'a variable for nothing', code: 'unused-variable', yaml: file({ start: 'variables: { ‸x: a }' }) },
  { name: 'a reference that is none', code: 'invalid-variable', yaml: file({ cert: 'commonName: ‸"${a b}"' }) },
  { name: 'a reference without an end', code: 'invalid-variable', yaml: file({ cert: 'commonName: ‸"${name"' }) },
  {
    name: 'a list inside text',
    code: 'invalid-variable',
    yaml: file({ start: 'variables: { x: [a, b] }', cert: 'dnsNames: [‸"www.${x}"]' }),
  },
  { name: 'null inside text', code: 'invalid-variable', yaml: file({ start: 'variables: { x: null }', cert: 'dnsNames: [‸"www.${x}"]' }) },
  {
    name: 'a name where there is none',
    code: 'invalid-variable',
    yaml: file({ start: 'variables: { x: ‸"${name}" }', cert: 'commonName: "${x}"' }),
  },
  { name: 'a number for a variable', code: 'unquoted-number', yaml: file({ start: 'variables: { x: ‸10 }', cert: 'commonName: "${x}"' }) },
  {
    name: 'a list where one value is wanted, by variable',
    code: 'wrong-type',
    yaml: file({ start: 'variables: { x: [a, b] }', cert: 'commonName: ‸"${x}"' }),
  },
  {
    name: 'a host that the file is not for',
    code: 'unknown-host',
    yaml: file({ start: '‸hosts: { host-2: {}, host-3: {} }' }).replace('‸hosts: ', 'hosts: ‸'),
    says: '--host',
  },

  // values
  ...['1:30', '1e3', '90', '-1d', '0', '.inf', `${'9'.repeat(30)}d`, '10000y', '0d', '1.5h', '365 d'].map(
    (duration): Rejection => ({
      name: `row 12: duration ${duration}`,
      code: 'invalid-duration',
      yaml: file({ cert: `duration: ‸${duration}` }),
    }),
  ),
  { name: 'row 13: renewed before it is issued', code: 'renew-before-too-long', yaml: file({ cert: 'duration: 90d\nrenewBefore: ‸90d' }) },
  {
    name: 'row 13: so nearly that it makes no difference',
    code: 'renew-before-too-long',
    yaml: file({ cert: 'duration: 90d\nbackdate: 1h\nrenewBefore: ‸2159h30m' }),
  },
  { name: 'row 13: against the lifetime that nobody wrote', code: 'renew-before-too-long', yaml: file({ cert: 'renewBefore: ‸1y' }) },
  {
    name: 'row 13: against the lifetime of the issuer',
    code: 'renew-before-too-long',
    yaml: file({ ca: 'duration: 30d', cert: 'renewBefore: ‸30d' }),
  },
  { name: 'row 14: longer than its issuer', code: 'outlives-issuer-always', yaml: file({ ca: 'duration: 30d', cert: 'duration: ‸31d' }) },
  { name: 'row 15: beyond the year 9999', code: 'duration-too-long', yaml: file({ ca: 'duration: ‸8000y' }) },
  { name: 'row 10: a mode without quotes', code: 'unquoted-mode', yaml: file({ cert: 'privateKeyMode: ‸0600' }), says: '"0600"' },
  { name: 'row 10: a mode in the octal of YAML', code: 'unquoted-mode', yaml: file({ cert: 'privateKeyMode: ‸0o600' }), says: '"0600"' },
  ...['u=rw', '0600 ', '06000', '4600', '0800', '0700', '0200'].map(
    (mode): Rejection => ({ name: `mode ${mode}`, code: 'invalid-mode', yaml: file({ cert: `privateKeyMode: ‸"${mode}"` }) }),
  ),
  ...['0666', '0620', '0602', '0644', '0604'].map(
    (mode): Rejection => ({ name: `row 11: key mode ${mode}`, code: 'mode-too-wide', yaml: file({ cert: `privateKeyMode: ‸"${mode}"` }) }),
  ),
  { name: 'row 11: a certificate that its group may write', code: 'mode-too-wide', yaml: file({ cert: 'certificateMode: ‸"0664"' }) },
  {
    name: 'row 11: a combined file is a key',
    code: 'mode-too-wide',
    yaml: file({ cert: 'files: { combined: { path: /a/b, mode: ‸"0644" } }' }),
  },
  ...['4294967295', '"a b"', '-1', '1.5', '"a:b"'].map(
    (owner): Rejection => ({ name: `row 19: owner ${owner}`, code: 'invalid-owner', yaml: file({ cert: `owner: ‸${owner}` }) }),
  ),
  ...[
    '../../etc/shadow',
    'etc/a',
    '/etc/../etc/shadow',
    '/etc/pki/',
    '/',
    `/${'a'.repeat(300)}`,
    `/${'a/'.repeat(2500)}b`,
    '/var/lib/certstate/a',
    '/var/lib//certstate/./a',
    '/var/lib/certstate',
    '"/etc/."',
  ].map(
    (path): Rejection => ({
      name: `row 17: path ${path.slice(0, 40)}`,
      code: 'invalid-path',
      yaml: file({ cert: `files: { certificate: ‸${path}, privateKey: /etc/b }` }),
    }),
  ),
  {
    name: 'a copy outside of its mount point',
    code: 'invalid-path',
    yaml: file({ cert: 'copies: [{ certificate: ‸/opt/a, mount: /mnt }]' }),
  },
  {
    name: 'row 31: a command in one string',
    code: 'invalid-command',
    yaml: file({ end: 'services: { etcd: { reload: ‸systemctl reload etcd } }' }),
  },
  { name: 'row 31: a command in one element', code: 'invalid-command', yaml: file({ end: 'services: { etcd: { reload: [‸"a && b"] } }' }) },
  { name: 'row 32: a relative path', code: 'invalid-command', yaml: file({ end: 'services: { etcd: { reload: [‸./reload] } }' }) },
  { name: 'row 33: a template', code: 'invalid-command', yaml: file({ end: 'services: { etcd: { reload: [cat, ‸"{{keyPath}}"] } }' }) },
  { name: 'an empty command', code: 'invalid-command', yaml: file({ end: 'services: { etcd: { reload: ‸[] } }' }) },
  ...['"127.0.0.1"', '"etcd:0"', '"etcd:65536"', '"::1:2379"', '"[x]:1"', '"https://a:1"'].map(
    (endpoint): Rejection => ({
      name: `endpoint ${endpoint}`,
      code: 'invalid-endpoint',
      yaml: file({ cert: `probe: { tls: ‸${endpoint} }` }),
    }),
  ),
  { name: 'a pattern in the place of a pod', code: 'invalid-pod', yaml: file({ end: 'services: { etcd: { staticPod: ‸"etcd.*" } }' }) },
  {
    name: 'a service that is a unit and a pod',
    code: 'conflicting-fields',
    yaml: file({ end: 'services: { etcd: { systemd: etcd, staticPod: ‸etcd } }' }),
  },
  { name: 'a flag in the place of a unit', code: 'invalid-unit', yaml: file({ end: 'services: { etcd: { systemd: ‸--all } }' }) },
  { name: 'a fingerprint in another form', code: 'invalid-fingerprint', yaml: file({ ca: 'fingerprint: ‸"SHA256:6f:1d"' }) },
  ...[
    '10.0.0.1',
    '010.0.0.1',
    '10.0.0.1/24',
    '*.*.a',
    'h*.a',
    '*',
    '*.com',
    'a.example.',
    'a..b',
    '.a',
    '-a.b',
    'a-.b',
    `${'a'.repeat(64)}.b`,
    `${'a.'.repeat(127)}b.c`,
    'a b',
    '2001:db8::1',
    'a/b',
    'xn--zzzzzz.a',
    'xn--abc-.b',
    'a.xn--',
    'bücher.xn--zzzzzz',
    'a.1',
  ].map(
    (name): Rejection => ({
      name: `rows 23, 24: DNS name ${name.slice(0, 20)}`,
      code: 'invalid-dns-name',
      yaml: file({ cert: `dnsNames: [‸"${name}"]` }),
    }),
  ),
  { name: 'row 24: an underscore', code: 'dns-name-underscore', yaml: file({ cert: 'dnsNames: [‸a_b.example]' }) },
  {
    name: 'row 25: another script, shown both ways',
    code: 'dns-name-converted',
    yaml: file({ cert: 'dnsNames: [‸Bücher.example]' }),
    says: 'xn--bcher-kva.example',
  },
  ...[
    '10.0.0.1/24',
    '::ffff:10.0.0.1',
    '::ffff:a00:1',
    'fe80::1%eth0',
    '010.0.0.1',
    '10.0.0.256',
    'localhost',
    '1.2.3',
    '1::2::3',
    '::12345',
  ].map(
    (address): Rejection => ({
      name: `row 23: IP address ${address}`,
      code: 'invalid-ip-address',
      yaml: file({ cert: `ipAddresses: [‸"${address}"]` }),
    }),
  ),
  ...['example.com', '//a/b', 'spiffe:', 'https://', 'https://a b', 'https://a/ü', 'https://a/%zz', 'https://a/<b>'].map(
    (uri): Rejection => ({ name: `URI ${uri}`, code: 'invalid-uri', yaml: file({ cert: `uris: [‸"${uri}"]` }) }),
  ),
  ...['a', '@b.c', 'a@', 'a@b@c', 'ü@b.c', 'a..b@c.d', 'a@10.0.0.1'].map(
    (address): Rejection => ({
      name: `e-mail address ${address}`,
      code: 'invalid-email-address',
      yaml: file({ cert: `emailAddresses: [‸"${address}"]` }),
    }),
  ),
  { name: 'row 27: a common name of 65 characters', code: 'invalid-subject', yaml: file({ cert: `commonName: ‸${'a'.repeat(65)}` }) },
  {
    name: 'row 27: no subject and no name',
    code: 'invalid-subject',
    yaml: file({ cert: 'profile: client', without: ['commonName', 'dnsNames'] })
      .replace('  server:', '  ‸server:')
      .replace('    files: { certificate: /etc/etcd/ca', '    commonName: etcd\n    files: { certificate: /etc/etcd/ca'),
  },
  {
    name: 'row 27: an authority without a subject',
    code: 'invalid-subject',
    yaml: file().replace('    commonName: etcd\n', '').replace('  etcd:', '  ‸etcd:'),
  },
  { name: 'a country in words', code: 'invalid-subject', yaml: file({ cert: 'subject: { countries: [‸Germany] }' }) },
  { name: 'an empty common name', code: 'invalid-subject', yaml: file({ cert: 'commonName: ‸""' }) },
  ...['1024', '16384', '192', '"2048"', '2047'].map(
    (size): Rejection => ({
      name: `row 29: a key of ${size} bits`,
      code: 'invalid-key-size',
      yaml: file({ cert: `privateKey: { size: ‸${size} }` }),
    }),
  ),
  { name: 'a size of another algorithm', code: 'invalid-key-size', yaml: file({ cert: 'privateKey: { algorithm: ECDSA, size: ‸4096 }' }) },
  {
    name: 'a size where there is only one',
    code: 'invalid-key-size',
    yaml: file({ cert: 'privateKey: { algorithm: Ed25519, size: ‸256 }' }),
  },
  {
    name: 'an encoding of another algorithm',
    code: 'invalid-encoding',
    yaml: file({ cert: 'privateKey: { algorithm: ECDSA, encoding: ‸PKCS1 }' }),
  },
  {
    name: 'an encoding that the size does not go with',
    code: 'invalid-encoding',
    yaml: file({ cert: 'privateKey: { size: 256, encoding: ‸PKCS1 }' }),
  },
  {
    name: 'an encoding that another algorithm has',
    code: 'invalid-encoding',
    yaml: file({ cert: 'privateKey: { algorithm: Ed25519, encoding: ‸SEC1 }' }),
  },
  {
    name: 'row 28: an unknown usage',
    code: 'unknown-usage',
    yaml: file({ cert: 'usages: [client auth, ‸serverAuth]', without: ['profile'] }),
    says: 'did you mean "server auth"?',
  },
  { name: 'no usage at all', code: 'invalid-value', yaml: file({ cert: 'usages: ‸[]', without: ['profile'] }) },
  {
    name: 'an unknown algorithm',
    code: 'invalid-value',
    yaml: file({ cert: 'privateKey: { algorithm: ‸rsa }' }),
    says: 'did you mean "RSA"?',
  },
  { name: 'an unknown profile', code: 'invalid-value', yaml: file({ cert: 'profile: ‸sever' }), says: 'did you mean "server"?' },
  {
    name: 'uncritical name constraints',
    code: 'invalid-value',
    yaml: file({ ca: 'nameConstraints: { critical: ‸false, permitted: { dnsDomains: [server] } }' }),
  },
  { name: 'name constraints about nothing', code: 'invalid-value', yaml: file({ ca: 'nameConstraints: ‸{ permitted: {} }' }) },
  {
    name: 'a range with bits behind its prefix',
    code: 'invalid-ip-address',
    yaml: file({ ca: 'nameConstraints: { permitted: { ipRanges: [‸10.0.0.1/8] } }' }),
    says: '10.0.0.0/8',
  },
  { name: 'a path length that no certificate has', code: 'invalid-value', yaml: file({ ca: 'pathLength: ‸256' }) },
  { name: 'a negative path length', code: 'wrong-type', yaml: file({ ca: 'pathLength: ‸-1' }) },
  {
    name: 'an unknown finding',
    code: 'unknown-code',
    yaml: file({ ca: 'accept: [{ code: ‸expirin, reason: x, until: 2030-01-01 }]' }),
    says: 'did you mean "expiring"?',
  },
  {
    name: 'a day that does not exist',
    code: 'invalid-date',
    yaml: file({ ca: 'accept: [{ code: expiring, reason: x, until: ‸2030-02-30 }]' }),
  },
  {
    name: 'a tolerance that is over',
    code: 'accept-expired',
    yaml: file({ ca: 'accept: [{ code: expiring, reason: x, until: ‸2026-11-22 }]' }),
  },

  // meaning
  {
    name: 'row 20: an issuer that does not exist',
    code: 'unknown-issuer',
    yaml: file({ cert: 'issuer: ‸ectd' }),
    says: 'did you mean "etcd"?',
  },
  {
    name: 'an issuer written as an address',
    code: 'unknown-issuer',
    yaml: file({ cert: 'issuer: ‸ca/etcd' }),
    says: 'did you mean "etcd"?',
  },
  { name: 'row 20: an issuer that is a certificate', code: 'issuer-not-authority', yaml: file({ ca: 'issuer: ‸server' }) },
  { name: 'row 20: itself as issuer', code: 'issuer-cycle', yaml: file({ ca: 'issuer: ‸etcd' }) },
  {
    name: 'row 20: a cycle',
    code: 'issuer-cycle',
    yaml: 'version: 1\nauthorities:\n  a: { issuer: ‸b, commonName: a, files: { combined: /a } }\n  b: { issuer: a, commonName: b, files: { combined: /b } }\n',
  },
  {
    name: 'row 21: too many authorities below',
    code: 'path-length-exceeded',
    yaml: 'version: 1\nauthorities:\n  a: { pathLength: ‸0, commonName: a, files: { combined: /a } }\n  b: { issuer: a, commonName: b, files: { combined: /b } }\n',
  },
  {
    name: 'row 21: an intermediate that would be issued with 0',
    code: 'path-length-exceeded',
    yaml: 'version: 1\nauthorities:\n  a: { commonName: a, files: { combined: /a } }\n  ‸b: { issuer: a, commonName: b, files: { combined: /b } }\n  c: { issuer: b, commonName: c, files: { combined: /c } }\n',
  },
  ...(
    [
      ['permitted: { dnsDomains: [example.com] }', 'dnsNames: [www.example.com, ‸example.org]'],
      ['permitted: { dnsDomains: [.example.com] }', 'dnsNames: [‸example.com]'],
      ['excluded: { dnsDomains: [internal.example.com] }', 'dnsNames: [‸a.internal.example.com]'],
      ['excluded: { dnsDomains: [internal.example.com] }', 'dnsNames: [‸"*.example.com"]'],
      ['permitted: { ipRanges: [10.0.0.0/9] }', 'ipAddresses: [10.127.0.1, ‸10.128.0.1]'],
      ['permitted: { ipRanges: ["2001:db8::/32"] }', 'ipAddresses: ["2001:db8::1", ‸"2001:db9::1"]'],
      ['permitted: { uriDomains: [.example.com] }', 'uris: ["https://a.example.com/", ‸"https://example.com/"]'],
      ['permitted: { emailAddresses: [example.com] }', 'emailAddresses: [a@example.com, ‸a@sub.example.com]'],
    ] as const
  ).map(
    ([constraints, names]): Rejection => ({
      name: `row 22: ${names.replace('‸', '')} under ${constraints}`,
      code: 'name-outside-constraints',
      yaml: file({ ca: `nameConstraints: { ${constraints} }`, cert: names, without: ['dnsNames'] }).replace(/(profile: )peer/, '$1client'),
    }),
  ),
  {
    name: 'row 28: cert sign on a leaf',
    code: 'usage-not-for-leaf',
    yaml: file({ cert: 'usages: [client auth, ‸cert sign]', without: ['profile'] }),
  },
  { name: 'row 28: server auth on an authority', code: 'usage-not-for-authority', yaml: file({ ca: 'usages: [cert sign, ‸server auth]' }) },
  { name: 'an authority that could not sign', code: 'usage-not-for-authority', yaml: file({ ca: 'usages: ‸[crl sign]' }) },
  {
    name: 'row 26: a server certificate without a name',
    code: 'names-required',
    yaml: file({ without: ['dnsNames'] }).replace('  server:', '  ‸server:'),
  },
  {
    name: 'an unknown service',
    code: 'unknown-service',
    yaml: file({ cert: 'services: [‸ectd]', end: 'services: { etcd: { reload: [a] } }' }),
    says: 'did you mean "etcd"?',
  },
  { name: 'an unknown service that trusts', code: 'unknown-service', yaml: file({ ca: 'trustedBy: [‸etcd]' }) },
  { name: 'an unknown service that comes first', code: 'unknown-service', yaml: file({ end: 'services: { etcd: { after: [‸x] } }' }) },
  {
    name: 'services that wait for one another',
    code: 'service-cycle',
    yaml: file({ end: 'services: { a: { after: [b] }, b: { after: [‸a] } }' }),
  },
  {
    name: 'an unknown window',
    code: 'unknown-window',
    yaml: file({ cert: 'windows: [‸nihgtly]', end: weekends('nightly') }),
    says: 'did you mean "nightly"?',
  },
  { name: 'an unknown window of an authority', code: 'unknown-window', yaml: file({ ca: 'windows: [‸nightly]' }) },
  { name: 'an unknown gate', code: 'unknown-gate', yaml: file({ cert: 'gates: [‸etcd]' }), says: 'under gates' },
  { name: 'a window twice', code: 'duplicate-key', yaml: file({ end: `${weekends('a')}\n  ‸a: { cron: "0 2 * * *", duration: 1h }` }) },
  {
    name: 'one word in the place of a list of windows',
    code: 'wrong-type',
    yaml: file({ cert: 'windows: ‸nightly', end: weekends('nightly') }),
  },
  { name: 'a window without a length', code: 'missing-field', yaml: file({ end: 'windows:\n  ‸a: { cron: "0 2 * * *" }' }) },
  { name: 'a window of no length', code: 'invalid-duration', yaml: file({ end: 'windows: { a: { cron: "0 2 * * *", duration: ‸0h } }' }) },
  {
    name: 'an offset for a time zone',
    code: 'invalid-time-zone',
    yaml: file({ end: 'windows: { a: { cron: "0 2 * * *", duration: 1h, timeZone: ‸"+02:00" } }' }),
  },
  {
    name: 'a time zone that is none',
    code: 'invalid-time-zone',
    yaml: file({ end: 'windows: { a: { cron: "0 2 * * *", duration: 1h, timeZone: ‸Europe/Bonn } }' }),
  },
  {
    name: 'a gate as a line for a shell',
    code: 'invalid-command',
    yaml: file({ end: 'gates: { a: { command: ‸"etcdctl endpoint health && true" } }' }),
  },
  { name: 'a gate that asks nobody', code: 'missing-field', yaml: file({ end: 'gates:\n  ‸a: { timeout: 30s }' }) },
  ...(
    [
      ['six fields', '0 0 2 * * *', 'not five'],
      ['four fields', '0 2 * *', 'not five'],
      ['a word', 'nightly', 'not five'],
      ['a date', '2026-12-01T02:00:00', 'not five'],
      ['an hour that no day has', '0 24 * * *', 'hour'],
      ['a minute that no hour has', '60 2 * * *', 'minute'],
      ['a day that no month has', '0 2 32 * *', 'day of the month'],
      ['a month that no year has', '0 2 * 13 *', 'the month'],
      ['a weekday that no week has', '0 2 * * 8', 'day of the week'],
      ['a step of nothing', '*/0 * * * *', 'stepping'],
      ['a range backwards', '0 2 * * 6-1', 'larger'],
      ['a letter of Jenkins', 'H 2 * * *', 'illegal'],
      ['a start that no program sees', '@reboot', 'not known'],
    ] as const
  ).map(
    ([name, cron, says]): Rejection => ({
      name: `a window that opens at ${name}`,
      code: 'invalid-cron',
      yaml: file({ end: `windows: { a: { cron: ‸"${cron}", duration: 1h } }` }),
      says,
    }),
  ),
  ...(['0 2 31 2 *', '0 2 30 2 *', '0 2 31 4,6,9,11 *', '0 2 13 * +5#1'] as const).map(
    (cron): Rejection => ({
      name: `a window that never opens, ${cron}`,
      code: 'window-never-opens',
      yaml: file({ end: `windows: { a: { cron: ‸"${cron}", duration: 1h } }` }),
    }),
  ),
  ...(
    [
      ['* * * * *', '1m'],
      ['0 * * * *', '1h'],
      ['0 2 * * *', '24h'],
      ['0 2 * * 6,0', '8d'],
      ['0 0 1 * *', '31d'],
    ] as const
  ).map(
    ([cron, length]): Rejection => ({
      name: `a window that never closes, ${cron} for ${length}`,
      code: 'window-never-closes',
      yaml: file({ end: `windows: { a: { cron: "${cron}", duration: ‸${length} } }` }),
    }),
  ),
  ...(
    [
      ['every first of a month', '0 2 1 * *', 'renewBefore: 15d'],
      ['every first Saturday', '0 2 * * 6#1', 'renewBefore: 30d'],
      ['on weekends, in a week', '0 2 * * 6,0', 'renewBefore: 8d'],
      ['in January', '0 2 * 1 *', 'renewBefore: 90d'],
      ['every minute of January', '* * * 1 *', 'renewBefore: 90d'],
      ['on 29 February', '0 2 29 2 *', 'renewBefore: 300d'],
      ['every day, for less than that', '0 2 * * *', 'renewBefore: 12h'],
    ] as const
  ).map(
    ([name, cron, renewBefore]): Rejection => ({
      name: `a window that opens too seldom: ${name}`,
      code: 'window-too-seldom',
      yaml: file({ cert: `${renewBefore}\nwindows: ‸[a]`, end: `windows: { a: { cron: "${cron}", duration: 2h } }` }),
      says: 'renewBefore',
    }),
  ),
  {
    name: 'row 16: key and certificate at one path',
    code: 'duplicate-path',
    yaml: file({ cert: 'files: { certificate: /etc/a, privateKey: ‸/etc/a }' }),
  },
  ...['/etc/etcd/ca.crt', '/etc/etcd/./ca.crt', '//etc//etcd/ca.crt'].map(
    (path): Rejection => ({
      name: `row 16: two resources at one path, ${path}`,
      code: 'duplicate-path',
      yaml: file({ cert: `files: { certificate: ‸${path}, privateKey: /etc/b }` }),
    }),
  ),
  {
    name: 'row 16: a copy over somebody else’s file',
    code: 'duplicate-path',
    yaml: file({ cert: 'copies: [{ privateKey: ‸/etc/etcd/ca.key }]' }),
  },
  {
    name: 'a file that is also a folder',
    code: 'duplicate-path',
    yaml: file({ cert: 'files: { certificate: ‸/etc/etcd/ca.crt/a, privateKey: /etc/b }' }),
  },
  {
    name: 'what is provided is what is installed',
    code: 'duplicate-path',
    yaml: file({ ca: 'provided: { certificate: /etc/etcd/ca.crt, privateKey: /opt/ca.key }' }).replace(
      'files: { certificate: /etc/etcd/ca.crt',
      'files: { certificate: ‸/etc/etcd/ca.crt',
    ),
  },
  {
    name: 'row 16: paths that differ in case',
    code: 'path-differs-in-case',
    yaml: file({ cert: 'files: { certificate: ‸/etc/etcd/CA.crt, privateKey: /etc/b }' }),
  },
  { name: 'a leaf with the subject of its issuer', code: 'subject-of-issuer', yaml: file({ cert: 'commonName: ‸etcd' }) },
  {
    name: 'two authorities with one subject',
    code: 'duplicate-subject',
    yaml: 'version: 1\nauthorities:\n  a: { commonName: x, files: { combined: /a } }\n  b: { commonName: ‸x, files: { combined: /b } }\n',
  },
  // a variable that is null takes its field away, and what is required is still required
  ...(
    [
      ['the issuer', 'missing-field', { cert: 'issuer: "${n}"' }],
      ['the profile', 'missing-field', { cert: 'profile: "${n}"' }],
      ['every name of a server', 'names-required', { cert: 'dnsNames: ["${n}"]' }],
      ['the list of names of a server', 'names-required', { cert: 'dnsNames: "${n}"' }],
    ] as const
  ).map(([what, code, changed]) => ({
    name: `null instead of ${what}`,
    code,
    yaml: file({ start: 'variables: { n: null }', ...changed }).replace('  server:', '  ‸server:'),
  })),
  {
    name: 'a server without names, whatever the list',
    code: 'names-required',
    yaml: file({ cert: 'dnsNames: []' }).replace('  server:', '  ‸server:'),
  },
  {
    name: 'null instead of the subject of an authority',
    code: 'invalid-subject',
    yaml: file({ start: 'variables: { n: null }', ca: 'commonName: "${n}"' }).replace('  etcd:', '  ‸etcd:'),
  },
  {
    name: 'null instead of the file of a certificate',
    code: 'missing-field',
    yaml: file({ start: 'variables: { n: null }', cert: '‸files: { certificate: "${n}", privateKey: /etc/b }' }),
  },
];
