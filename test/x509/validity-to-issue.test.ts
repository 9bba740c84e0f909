import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { days, endOfTime, type Instant, instantOf, later, minutes, seconds } from '../../src/domain/time.ts';
import { validityToIssue } from '../../src/x509/validity-to-issue.ts';
import { now } from '../support/issuances.ts';

const test = suite('x509/validity-to-issue');

const tenDays = { duration: days(10), backdate: minutes(5) };
const issuer = (from: number, to: number) => ({ notBefore: instantOf(now + from), notAfter: instantOf(now + to) });
const year = 365 * 86_400;

// biome-ignore format: table
const rows: readonly { readonly what: string; readonly issuer: { readonly notBefore: Instant; readonly notAfter: Instant } | null; readonly gives: readonly [number, number, boolean] | undefined }[] = [
  { what: 'a root is bound by nothing',                          issuer: null,                              gives: [-300, 864_000, false] },
  { what: 'inside a long-lived issuer',                          issuer: issuer(-year, year),               gives: [-300, 864_000, false] },
  { what: 'an issuer younger than the backdate',                 issuer: issuer(-10, year),                 gives: [-10, 864_000, false] },
  { what: 'an issuer that begins now',                           issuer: issuer(0, year),                   gives: [0, 864_000, false] },
  { what: 'an issuer that ends first cuts short',                issuer: issuer(-year, 100),                gives: [-300, 100, true] },
  { what: 'an issuer that ends in the very same second does not', issuer: issuer(-year, 864_000),           gives: [-300, 864_000, false] },
  { what: 'an issuer that ends now signs nothing',               issuer: issuer(-year, 0),                  gives: undefined },
  { what: 'an issuer that begins later signs nothing',           issuer: issuer(1, year),                   gives: undefined },
  { what: 'an issuer without a readable beginning signs nothing', issuer: issuer(Number.NaN, year),         gives: undefined },
  { what: 'an issuer without a readable end signs nothing',      issuer: issuer(-year, Number.NaN),         gives: undefined },
];
for (const { what, issuer: by, gives } of rows) {
  test(what, () => {
    const validity = validityToIssue(tenDays, by, now);
    assert.equal(validity && [validity.notBefore - now, validity.notAfter - now, validity.clipped], gives);
  });
}

test('the end of time is the end', () => {
  assert.is(validityToIssue({ duration: days(9999 * 365), backdate: seconds(0) }, null, now)?.notAfter, endOfTime);
  assert.is(
    validityToIssue({ duration: seconds(endOfTime - now), backdate: seconds(0) }, null, now)?.notAfter,
    later(now, seconds(endOfTime - now)),
  );
});

test.run();
