import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { KeySearch } from '../../src/formats/key-search.ts';
import { nameOfPrivateKey } from '../../src/x509/private-key-shape.ts';

const test = suite('formats/key-search');

/** Everything that is found in some octets, handed over in pieces of a size. */
function found(octets: string | Uint8Array, pieceBytes = 1 << 20): readonly string[] {
  const bytes = Buffer.from(octets as string);
  const search = new KeySearch(nameOfPrivateKey);
  for (let at = 0; at < bytes.length; at += pieceBytes) search.take(bytes.subarray(at, at + pieceBytes));
  search.end();
  return search.found.map(({ name, line, column }) => `${line}:${column} ${name}`);
}

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ed = generateKeyPairSync('ed25519');
const dsa = generateKeyPairSync('dsa', { modulusLength: 2048, divisorLength: 256 });

type Form = 'pkcs8' | 'pkcs1' | 'sec1' | 'spki';
const pem = (key: KeyObject, type: Form, more: object = {}): string =>
  key.export({ type: type as 'pkcs8', format: 'pem', ...more }).toString();
const der = (key: KeyObject, type: Form, more: object = {}): Buffer =>
  key.export({ type: type as 'pkcs8', format: 'der', ...more }) as unknown as Buffer;
const password = { cipher: 'aes-256-cbc', passphrase: 'secret' };
const base64 = (value: string | Buffer): string => Buffer.from(value as string).toString('base64');
const wrapped = (text: string, columns: number, indent: string): string =>
  (text.match(new RegExp(`.{1,${columns}}`, 'g')) ?? []).join(`\n${indent}`);

const rsaPem = pem(rsa.privateKey, 'pkcs8');
const ecPem = pem(ec.privateKey, 'sec1');
const edPem = pem(ed.privateKey, 'pkcs8');
/** Not the key of anybody: the frame is what counts. */
const noise = (bytes: number): Buffer =>
  Buffer.concat(Array.from({ length: Math.ceil(bytes / 32) }, (_, index) => createHash('sha256').update(`${index}`).digest()));
const framed = (label: string, body: string): string => `-----BEGIN ${label}-----\n${wrapped(body, 70, '')}\n-----END ${label}-----\n`;

const certificate = [
  '-----BEGIN CERTIFICATE-----',
  'MIIBdTCCARugAwIBAgIUXWRmVmpZ5k0m3a8rM1p1m1m1m1kwCgYIKoZIzj0EAwIw',
  'EDEOMAwGA1UEAwwFcGxhaW4wHhcNMjYwMTAxMDAwMDAwWhcNMzYwMTAxMDAwMDAw',
  'WjAQMQ4wDAYDVQQDDAVwbGFpbjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABA==',
  '-----END CERTIFICATE-----',
  '',
].join('\n');

/** PKCS#12 is SEQUENCE { 3, SEQUENCE { data, … } }: a key has a bag of its own, a store of certificates none (RFC 7292 §4). */
const tlv = (tag: number, ...inner: readonly Uint8Array[]): Buffer => {
  const content = Buffer.concat(inner);
  const length = content.length < 128 ? [content.length] : [0x82, content.length >> 8, content.length & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
};
const data = Buffer.from('06092a864886f70d010701', 'hex');
const bag = (kind: number): Buffer => tlv(0x30, Buffer.from(`060b2a864886f70d010c0a010${kind}`, 'hex'), noise(320));
const container = (kind: number): Buffer => tlv(0x30, Buffer.from('020103', 'hex'), tlv(0x30, data, tlv(0xa0, tlv(0x04, bag(kind)))));
const indefinite = Buffer.concat([Buffer.from('3080020103308006092a864886f70d010701a080248004', 'hex'), bag(2)]);

const pkcs8 = 'a private key (PKCS#8)';
const sec1 = 'a private key (SEC1)';
const encrypted = 'an encrypted private key';

// biome-ignore format: table
const keys: readonly (readonly [string, string | Uint8Array, string])[] = [
  ['PKCS#8, RSA',                         rsaPem,                                                            `1:1 ${pkcs8}`],
  ['PKCS#8, Ed25519, the smallest',       edPem,                                                             `1:1 ${pkcs8}`],
  ['PKCS#8, DSA',                         pem(dsa.privateKey, 'pkcs8'),                                      `1:1 ${pkcs8}`],
  ['PKCS#1',                              pem(rsa.privateKey, 'pkcs1'),                                      '1:1 a private key (PKCS#1)'],
  ['SEC1',                                ecPem,                                                             `1:1 ${sec1}`],
  ['encrypted, PKCS#8',                   pem(ed.privateKey, 'pkcs8', password),                             '1:1 an encrypted private key (PKCS#8)'],
  ['encrypted, by a header',              pem(ec.privateKey, 'sec1', password),                              `1:1 ${encrypted}`],
  ['OpenSSH',                             framed('OPENSSH PRIVATE KEY', base64(Buffer.concat([Buffer.from('openssh-key-v1\0'), noise(200)]))), '1:1 an OpenSSH private key'],
  ['SSH2',                                `---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nComment: "me"\n${wrapped(base64(Buffer.concat([Buffer.from('3f6ff9eb', 'hex'), noise(400)])), 70, '')}\n`, '1:1 a private key'],
  ['PGP',                                 framed('PGP PRIVATE KEY BLOCK', `\n${base64(Buffer.concat([Buffer.of(0x95), noise(600)]))}`),        '1:1 a PGP key'],
  ['PuTTY',                               `PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nPublic-Lines: 1\nAAAA\nPrivate-Lines: 1\n${base64(noise(36))}\n`, '1:1 a PuTTY private key'],
  ['behind other text',                   `# key\r\n\r\nüß ${ecPem}`,                                         `3:4 ${sec1}`],
  ['behind its certificate',              certificate + ecPem,                                               `6:1 ${sec1}`],
  ['two of them',                         ecPem + edPem,                                                     `1:1 ${sec1}, 6:1 ${pkcs8}`],
  ['with CRLF',                           ecPem.replaceAll('\n', '\r\n'),                                    `1:1 ${sec1}`],
  ['with nothing but CR',                 ecPem.replaceAll('\n', '\r'),                                      `1:1 ${sec1}`],
  ['without its end',                     rsaPem.split('\n').slice(0, 12).join('\n'),                        `1:1 ${pkcs8}`],
  ['indented, in YAML',                   `a: |\n  ${ecPem.replaceAll('\n', '\n  ')}`,                       `2:3 ${sec1}`],
  ['commented out',                       `# ${ecPem.replaceAll('\n', '\n# ')}`,                             `1:3 ${sec1}`],
  ['quoted in a mail',                    `> ${ecPem.replaceAll('\n', '\n> ')}`,                             `1:3 ${sec1}`],
  ['escaped into one line of JSON',       JSON.stringify({ key: ecPem }),                                    `1:9 ${sec1}`],
  ['escaped twice',                       JSON.stringify(JSON.stringify({ key: rsaPem })),                   `1:13 ${pkcs8}`],
  ['escaped by PHP',                      JSON.stringify({ key: rsaPem }).replaceAll('/', '\\/'),            `1:9 ${pkcs8}`],
  ['encrypted, by a header, escaped',     JSON.stringify(pem(ec.privateKey, 'sec1', password)),              `1:2 ${encrypted}`],
  ['joined by spaces',                    rsaPem.replaceAll('\n', ' '),                                      `1:1 ${pkcs8}`],
  ['put together in JavaScript',          ecPem.trim().split('\n').map((line) => `  '${line}\\n' +`).join('\n'), `1:4 ${sec1}`],
  ['a list of lines in JSON',             JSON.stringify(ecPem.split('\n'), undefined, 2),                   `2:4 ${sec1}`],
  ['UTF-16, little end first',            Buffer.from(`\ufeff${ecPem}`, 'utf16le'),                          `1:3 ${sec1}`],
  ['client-key-data of a kubeconfig',     `users:\n- user:\n    client-key-data: ${base64(ecPem)}\n`,        `3:22 ${sec1}`],
  ['tls.key of a Secret, with its certificate', `data:\n  tls.pem: ${base64(certificate + ecPem)}\n`,        `2:12 ${sec1}`],
  ['a Secret, wrapped',                   `data:\n  tls.key: >-\n    ${wrapped(base64(rsaPem), 76, '    ')}\n`, `3:5 ${pkcs8}`],
  ['base64 behind a line feed',           `key: ${base64(`\n${ecPem}`)}`,                                    `1:8 ${sec1}`],
  ['base64 behind two octets',            `key: ${base64(`\r\n${ecPem}`)}`,                                  `1:9 ${sec1}`],
  ['base64 of DER, PKCS#8',               `key: ${base64(der(ed.privateKey, 'pkcs8'))}`,                     `1:6 ${pkcs8} in DER form`],
  ['base64 of DER, PKCS#1',               `{"key":"${base64(der(rsa.privateKey, 'pkcs1'))}"}`,               '1:9 a private key (PKCS#1) in DER form'],
  ['base64 of DER, SEC1, wrapped',        `key: |\n  ${wrapped(base64(der(ec.privateKey, 'sec1')), 64, '  ')}\n`, '2:3 a private key (SEC1) in DER form'],
  ['base64 of DER, encrypted',            base64(der(ec.privateKey, 'pkcs8', password)),                     `1:1 ${encrypted} (PKCS#8) in DER form`],
  ['base64 of DER, escaped by PHP',       `"${base64(der(rsa.privateKey, 'pkcs1')).replaceAll('/', '\\/')}"`,     '1:2 a private key (PKCS#1) in DER form'],
  ['base64 of DER in a list',             JSON.stringify([base64(der(rsa.publicKey, 'spki')), base64(der(ed.privateKey, 'pkcs8'))]), `1:398 ${pkcs8} in DER form`],
  ['DER, PKCS#8',                         der(rsa.privateKey, 'pkcs8'),                                      `1:1 ${pkcs8} in DER form`],
  ['DER, SEC1',                           der(ec.privateKey, 'sec1'),                                        '1:1 a private key (SEC1) in DER form'],
  ['DER, encrypted',                      der(ed.privateKey, 'pkcs8', password),                             `1:1 ${encrypted} (PKCS#8) in DER form`],
  ['DER, with octets behind it',          Buffer.concat([der(ec.privateKey, 'sec1'), noise(64)]),            '1:1 a private key (SEC1) in DER form'],
  ['PKCS#12, a key',                      container(1),                                                      '1:1 a PKCS#12 container with a private key'],
  ['PKCS#12, an encrypted key',           container(2),                                                      '1:1 a PKCS#12 container with a private key'],
  ['PKCS#12, without lengths',            indefinite,                                                        '1:1 a PKCS#12 container with a private key'],
  ['PKCS#12 in base64',                   `keystore.p12: ${base64(container(2))}`,                           '1:15 a PKCS#12 container with a private key'],
];
for (const [name, octets, expected] of keys) test(`found: ${name}`, () => assert.is(found(octets).join(', '), expected));

// biome-ignore format: table
const harmless: readonly (readonly [string, string | Uint8Array])[] = [
  ['nothing',                             ''],
  ['a certificate',                       certificate],
  ['a public key',                        pem(rsa.publicKey, 'spki')],
  ['a public key in DER',                 der(rsa.publicKey, 'spki')],
  ['a certificate in base64',             `client-certificate-data: ${base64(certificate)}`],
  ['a public key in base64 of DER',       `key: ${base64(der(rsa.publicKey, 'spki'))}`],
  ['PKCS#12, certificates alone',         container(3)],
  ['a file that says how keys begin',     'It begins with `-----BEGIN PRIVATE KEY-----` and ends with `-----END PRIVATE KEY-----`.'],
  ['both lines with nothing between',     '-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n'],
  ['dots between them',                   '-----BEGIN RSA PRIVATE KEY-----\n...\n-----END RSA PRIVATE KEY-----\n'],
  ['a word between them',                 '-----BEGIN RSA PRIVATE KEY-----\nBASE64-ENCODED-KEY\n-----END RSA PRIVATE KEY-----\n'],
  ['the first line of a key, then dots',  `${rsaPem.split('\n').slice(0, 2).join('\n')}\n...\n-----END PRIVATE KEY-----\n`],
  ['a regular expression',                'grep -E -- "-----BEGIN ([A-Z]+ )?PRIVATE KEY-----" file'],
  ['prose behind the label',              `-----BEGIN PRIVATE KEY----- ${'is the line with which every such file in the folder begins and '.repeat(40)}`],
  ['other base64 behind the label',       `-----BEGIN PRIVATE KEY-----\n${wrapped(base64(noise(600)), 64, '')}`],
  ['paths behind the label',              `-----BEGIN PRIVATE KEY-----\n${'/etc/kubernetes/pki/apiserver/etcd/client\n'.repeat(4)}`],
  ['a digest with its algorithm',         base64(tlv(0x30, tlv(0x30, Buffer.from('0609608648016503040201', 'hex'), Buffer.from('0500', 'hex')), tlv(0x04, noise(32))))],
  ['a label in base64',                   base64('-----BEGIN PRIVATE KEY-----\nhere\n')],
  ['hashes',                              `${'a1b2c3d4'.repeat(8)}\nsha512-${base64(noise(64))}\n`],
  ['an integrity in base64 that looks like DER', `MII${base64(noise(3000)).replaceAll('=', '')}`],
  ['a key that is cut off',               base64(der(rsa.privateKey, 'pkcs8')).slice(0, 1000)],
];
for (const [name, octets] of harmless) test(`left alone: ${name}`, () => assert.equal(found(octets), []));

test('the size of the pieces does not matter, nor where they are cut', () => {
  const text = `${`${'x'.repeat(99)}\n`.repeat(20) + ecPem + certificate.repeat(3)}key: ${base64(rsaPem)}\n${JSON.stringify({ key: edPem })}`;
  const whole = found(text);
  assert.is(whole.length, 3);
  for (const size of [1, 7, 64, 1000, 4096]) assert.equal(found(text, size), whole, `pieces of ${size}`);
});

test('a file far larger than what is kept of it is searched to its end', () => {
  const filler = 'ü a line of a log that says nothing\n'.repeat(60_000);
  const line = 60_001;
  assert.equal(found(`${filler}  ${ecPem}${filler}${edPem}`, 1 << 16), [`${line}:3 ${sec1}`, `${line + 5 + 60_000}:1 ${pkcs8}`]);
});

test('one line without end, and a bundle in base64 in front of its key', () => {
  assert.equal(found(`${'z'.repeat(3_000_000)} ${ecPem}`, 1 << 16), [`1:3000002 ${sec1}`]);
  assert.equal(found(`ca: ${base64(certificate.repeat(400) + ecPem)}\n`, 1 << 16), [`1:5 ${sec1}`]);
});

test('text that only looks like the beginning of keys costs no more than other text', () => {
  const hostile = [
    `${`M${'I'.repeat(39)}`.repeat(1)}\n`.repeat(25_000),
    '-----BEGIN PRIVATE KEY-----\n'.repeat(35_000),
    'LS0tLS1CRUdJTi'.repeat(70_000),
  ];
  for (const text of hostile) {
    const from = process.cpuUsage().user;
    found(text);
    assert.ok((process.cpuUsage().user - from) / 1e6 < 5, 'seconds for a megabyte');
  }
});

test('a name never holds a part of the key', () => {
  const secrets = keys.flatMap(([, octets]) => found(octets)).join('\n');
  assert.not.match(secrets, /[A-Za-z0-9+/]{20}/);
});

test('octets that are no key have no name', () => {
  for (const octets of [Buffer.alloc(0), Buffer.of(0x30), Buffer.of(0x30, 0x00), Buffer.of(0x30, 0x84, 1), noise(64)])
    assert.is(nameOfPrivateKey(octets), undefined);
});

test.run();
