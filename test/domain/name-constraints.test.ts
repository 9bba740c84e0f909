import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { noNames } from '../../src/domain/alternative-names.ts';
import { violatedConstraint } from '../../src/domain/name-constraints.ts';

const test = suite('domain/name-constraints');

type Names = Partial<typeof noNames>;
const check = (names: Names, permitted: Names, excluded: Names = {}) =>
  violatedConstraint({ ...noNames, ...names }, { permitted: { ...noNames, ...permitted }, excluded: { ...noNames, ...excluded } });

const rows: readonly (readonly [what: string, allowed: boolean, names: Names, permitted: Names, excluded?: Names])[] = [
  ['the very name that is permitted', true, { dnsNames: ['a.example'] }, { dnsNames: ['a.example'] }],
  ['a name below what is permitted', true, { dnsNames: ['x.y.a.example'] }, { dnsNames: ['a.example'] }],
  ['a name that only ends alike', false, { dnsNames: ['ba.example'] }, { dnsNames: ['a.example'] }],
  ['a wildcard below what is permitted', true, { dnsNames: ['*.a.example'] }, { dnsNames: ['a.example'] }],
  ['the name itself where a leading dot wants what is below', false, { dnsNames: ['a.example'] }, { dnsNames: ['.a.example'] }],
  ['a kind of name of which nothing is permitted by name', true, { ipAddresses: ['10.0.0.1'] }, { dnsNames: ['a.example'] }],
  ['a name that is excluded', false, { dnsNames: ['bad.a.example'] }, { dnsNames: ['a.example'] }, { dnsNames: ['bad.a.example'] }],
  ['a wildcard that covers what is excluded', false, { dnsNames: ['*.a.example'] }, {}, { dnsNames: ['bad.a.example'] }],
  ['a wildcard that does not reach what is excluded', true, { dnsNames: ['*.a.example'] }, {}, { dnsNames: ['very.bad.a.example'] }],
  ['any name where all are excluded', false, { dnsNames: ['a.example'] }, {}, { dnsNames: [''] }],
  ['an address in the range', true, { ipAddresses: ['10.1.2.3'] }, { ipAddresses: ['10.0.0.0/8'] }],
  ['an address outside the range', false, { ipAddresses: ['11.0.0.1'] }, { ipAddresses: ['10.0.0.0/8'] }],
  ['an address in a range that ends within an octet', true, { ipAddresses: ['192.168.207.1'] }, { ipAddresses: ['192.168.206.0/23'] }],
  ['an address just behind it', false, { ipAddresses: ['192.168.208.1'] }, { ipAddresses: ['192.168.206.0/23'] }],
  ['an address of the other family', false, { ipAddresses: ['::1'] }, { ipAddresses: ['0.0.0.0/0'] }],
  ['an IPv6 address in the range', true, { ipAddresses: ['fd00::1'] }, { ipAddresses: ['fd00::/8'] }],
  ['a mailbox of the host', true, { emailAddresses: ['a@mail.example'] }, { emailAddresses: ['mail.example'] }],
  ['a mailbox below the host', false, { emailAddresses: ['a@x.mail.example'] }, { emailAddresses: ['mail.example'] }],
  ['a mailbox below the domain', true, { emailAddresses: ['a@x.mail.example'] }, { emailAddresses: ['.mail.example'] }],
  ['the very mailbox', true, { emailAddresses: ['a@mail.example'] }, { emailAddresses: ['a@mail.example'] }],
  ['a URI of the host', true, { uris: ['spiffe://trust.example/x'] }, { uris: ['trust.example'] }],
  ['a URI of the host, with user and port', true, { uris: ['https://u@Trust.example:8443/x'] }, { uris: ['trust.example'] }],
  ['a URI of another host', false, { uris: ['spiffe://other.example/trust.example'] }, { uris: ['trust.example'] }],
];
for (const [what, allowed, names, permitted, excluded] of rows) {
  test(`${what} is ${allowed ? 'allowed' : 'refused'}`, () => {
    assert.is(check(names, permitted, excluded) === undefined, allowed);
  });
}

test.run();
