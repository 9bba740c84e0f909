import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { NameField } from '../../src/domain/alternative-names.ts';
import { file, parse, resourceOf } from './parse.ts';

const test = suite('desired-state/normal-forms');

const rows: readonly (readonly [NameField, string, string])[] = [
  ['dnsNames', 'WWW.Example.COM', 'www.example.com'],
  ['dnsNames', '*.Example.com', '*.example.com'],
  ['dnsNames', 'bücher.example', 'xn--bcher-kva.example'],
  ['dnsNames', '*.bücher.example', '*.xn--bcher-kva.example'],
  ['dnsNames', 'XN--bcher-kva.example', 'xn--bcher-kva.example'],
  ['dnsNames', 'faß.example', 'xn--fa-hia.example'],
  ['dnsNames', 'localhost', 'localhost'],
  ['dnsNames', '1password.example', '1password.example'],
  ['ipAddresses', '192.0.2.1', '192.0.2.1'],
  ['ipAddresses', '2001:DB8:0:0::1', '2001:db8::1'],
  ['ipAddresses', '::1', '::1'],
  ['uris', 'SPIFFE://Example.ORG/Web', 'spiffe://example.org/Web'],
  ['uris', 'https://User@Example.org:8443/A?b#C', 'https://User@example.org:8443/A?b#C'],
  ['uris', 'urn:uuid:F81D4FAE-7DEC', 'urn:uuid:F81D4FAE-7DEC'],
  ['emailAddresses', 'Ops@Example.COM', 'Ops@example.com'],
];

for (const [field, written, normal] of rows) {
  test(`${written} is ${normal}`, () => {
    const text = file({ cert: `profile: client\n${field}: ["${written}"]`, without: ['dnsNames'] });
    assert.equal(resourceOf(text, 'cert/server').names[field], [normal]);
  });
}

test('names are sets: sorted, each once, whatever the way they are written', () => {
  const { names } = resourceOf(file({ cert: 'dnsNames: [b, A, a, B]\nipAddresses: ["::1", "0:0::1", 127.0.0.1]' }), 'cert/server');
  assert.equal(
    [names.dnsNames, names.ipAddresses],
    [
      ['a', 'b'],
      ['127.0.0.1', '::1'],
    ],
  );
});

test('row 25: a name in another script is shown both ways, and no error', () => {
  const { diagnostics, state } = parse(file({ cert: 'dnsNames: [bücher.example]' }));
  assert.equal(
    diagnostics.map(({ code, severity }) => [code, severity]),
    [['dns-name-converted', 'notice']],
  );
  assert.match(diagnostics[0]?.message ?? '', 'bücher.example');
  assert.ok(state);
});

test('paths lose what makes no difference', () => {
  const { fileSets } = resourceOf(file({ cert: 'files: { combined: //etc/./a//b.pem }' }), 'cert/server');
  assert.is(fileSets[0].files[0]?.path, '/etc/a/b.pem');
});

test.run();
