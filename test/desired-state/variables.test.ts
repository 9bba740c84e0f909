import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DesiredCertificate } from '../../src/domain/desired-state.ts';
import { desiredHash } from '../../src/plan/desired-hash.ts';
import { exampleNamed } from './examples.ts';
import { file, type Options, parse, parseFiles, resourceOf } from './parse.ts';

const test = suite('desired-state/variables');

const certificate = (text: string, options?: Options): DesiredCertificate => resourceOf(text, 'cert/server', options) as DesiredCertificate;
const commonName = (text: string, options?: Options): string | undefined => certificate(text, options).subject.commonName;

test('text stands for itself in any text', () => {
  assert.equal(
    certificate(file({ start: 'variables: { d: example.com }', cert: 'dnsNames: ["${d}", "www.${d}", "${name}.${host}.${d}"]' })).names
      .dnsNames,
    ['example.com', 'server.host-1.example.com', 'www.example.com'],
  );
});

test('a list takes the place of the element that it is, null leaves it out', () => {
  const start = 'variables: { many: [10.0.0.2, 10.0.0.1], none: null, empty: [] }';
  assert.equal(certificate(file({ start, cert: 'ipAddresses: ["${many}", 127.0.0.1, "${none}", "${empty}"]' })).names.ipAddresses, [
    '10.0.0.1',
    '10.0.0.2',
    '127.0.0.1',
  ]);
});

test('a list may be the whole list, and null the whole field', () => {
  const start = 'variables: { many: [10.0.0.2, 10.0.0.1], none: null }';
  const leaf = certificate(file({ start, cert: 'ipAddresses: "${many}"\nduration: "${none}"' }));
  assert.equal([leaf.names.ipAddresses, leaf.duration], [['10.0.0.1', '10.0.0.2'], undefined]);
});

test('numbers, booleans and paths may be variables', () => {
  const leaf = certificate(
    file({
      start: 'variables: { bits: "3072", dir: /srv, yes_: "true" }',
      cert: 'privateKey: { size: "${bits}" }\noptional: "${yes_}"\nfiles: { combined: "${dir}/a" }',
    }),
  );
  assert.equal([leaf.privateKey?.size, leaf.optional, leaf.fileSets[0].files[0]?.path], [3072, true, '/srv/a']);
});

test('a path that a variable leads upwards is refused like any other', () => {
  const { diagnostics } = parse(file({ start: 'variables: { dir: /srv/../etc }', cert: 'files: { combined: "${dir}/a" }' }));
  assert.equal(
    diagnostics.map(({ code }) => code),
    ['invalid-path'],
  );
});

test('$${ is a literal ${', () => {
  assert.is(commonName(file({ cert: 'commonName: "a $${x} b ${name}"' })), 'a ${x} b server');
});

test('a variable may use those above it, and the host', () => {
  assert.is(commonName(file({ start: 'variables: { a: x, b: "${a}.${host}" }', cert: 'commonName: "${b}"' })), 'x.host-1');
});

test('a variable cannot use one below it', () => {
  const { diagnostics } = parse(file({ start: 'variables: { b: "${a}", a: x }', cert: 'commonName: "${b}"' }));
  assert.equal(
    diagnostics.map(({ code, place }) => [code, place?.line]),
    [['unknown-variable', 2]],
  );
});

test('--set wins over the host, the host over the file', () => {
  const text = file({ start: 'variables: { a: file }\nhosts: { host-1: {}, host-2: { a: host } }', cert: 'commonName: "${a}"' });
  assert.is(commonName(text), 'file');
  assert.is(commonName(text, { host: 'host-2' }), 'host');
  assert.is(commonName(text, { host: 'host-2', set: { a: 'set' } }), 'set');
});

test('a resource knows whose turn it is: the place of the host by name, wherever it stands; no turns where no hosts are named', () => {
  const text = file({ start: 'hosts: { host-2: {}, host-3: {}, host-1: {} }' });
  for (const [index, host] of ['host-1', 'host-2', 'host-3'].entries())
    assert.equal(resourceOf(text, 'cert/server', { host }).turn, { index, of: 3 }, host);
  assert.is(resourceOf(file({}), 'cert/server').turn, undefined);
});

test('whose turn it is is no part of what is wanted: another host is no other resource', () => {
  const text = file({ start: 'hosts: { host-1: {}, host-2: {} }' });
  const hashes = ['host-1', 'host-2'].map((host) => desiredHash(resourceOf(text, 'cert/server', { host })));
  assert.is(hashes[0], hashes[1]);
  assert.is(hashes[0], desiredHash(resourceOf(file({ start: '' }), 'cert/server')));
});

test('--set may give a variable that the file only uses', () => {
  assert.is(commonName(file({ cert: 'commonName: "${a}"' }), { set: { a: 'set' } }), 'set');
});

test('--set is text, and text of YAML’s is not read again', () => {
  assert.is(commonName(file({ cert: 'commonName: "${a}"' }), { set: { a: '${name}' } }), '${name}');
});

test('variables are those of their own file', () => {
  const { diagnostics } = parseFiles({
    'a.yaml': 'version: 1\nvariables: { x: a }\nauthorities: { a: { commonName: "${x}", files: { combined: /a } } }\n',
    'b.yaml': 'version: 1\nauthorities: { b: { commonName: "${x}", files: { combined: /b } } }\n',
  });
  assert.equal(
    diagnostics.map(({ code, place }) => [code, place?.file]),
    [['unknown-variable', 'b.yaml']],
  );
});

test('each host has the certificates of kubeadm with its own address', () => {
  const { text } = exampleNamed('examples/kubeadm.yaml');
  const address = (host: string) => resourceOf(text, 'cert/apiserver', { host }).names;
  assert.equal(address('control-plane-2').ipAddresses, ['10.96.0.1', '192.0.2.12']);
  assert.ok(address('control-plane-3').dnsNames.includes('control-plane-3'));
});

test('a comment and a key are not looked into for variables', () => {
  assert.equal(parse(`${file()}# \${nobody}\n`).diagnostics, []);
});

test.run();
