import { parse, type TestCase, type TestSuite, type TestSuites } from 'junit2json';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { junitReport } from '../../../src/report/formats/junit.ts';
import type { Reported } from '../../../src/report/reported.ts';
import { exposed, file, hostile, problem, reported, tolerated } from '../../support/reported.ts';

const test = suite('report/formats/junit');

async function read(given: Reported): Promise<{ readonly suite: TestSuite; readonly cases: readonly TestCase[] }> {
  const suites = (await parse(junitReport(given))) as TestSuites;
  const [only] = suites.testsuite ?? [];
  if (only === undefined) throw new Error('no suite');
  return { suite: only, cases: only.testcase ?? [] };
}

test('a test case per resource, whether or not something was found', async () => {
  const { suite: whole, cases } = await read(reported());
  assert.equal(
    cases.map(({ name, classname, failure, skipped }) => ({ name, classname, failure, skipped })),
    ['ca/etcd', 'cert/server', 'cert/client'].map((name) => ({
      name,
      classname: 'certstate.check',
      failure: undefined,
      skipped: undefined,
    })),
  );
  assert.equal([whole.name, whole.tests, whole.failures, whole.skipped], ['certstate check etcd', 3, 0, 0]);
});

test('a failure per finding that fails, with code and line; what does not fail is output', async () => {
  const other = { ...exposed, code: 'key-exposed' as const, message: 'the private key of cert/server was readable by every local user' };
  const { suite: whole, cases } = await read(reported({ problems: [exposed, other, problem()] }));
  assert.equal([whole.tests, whole.failures], [3, 1]);
  assert.equal(
    cases[1]?.failure?.map(({ type }) => type),
    ['private-key-mode', 'key-exposed'],
  );
  assert.match(cases[1]?.failure?.[0]?.inner ?? '', `${file}:20`);
  assert.match(cases[1]?.['system-out']?.[0] ?? '', 'key-exposed');
  assert.is(cases[2]?.failure, undefined);
  assert.match(cases[2]?.['system-out']?.[0] ?? '', 'warning[renewal-due]');
});

test('a resource whose findings are accepted is skipped, with the reason; one that fails too has failed', async () => {
  const { suite: whole, cases } = await read(reported({ problems: [tolerated] }));
  assert.is(whole.skipped, 1);
  assert.is(cases[0]?.skipped?.[0]?.message, 'accepted until 2027-01-31: replaced with the new site');
  const both = await read(reported({ problems: [tolerated, { ...exposed, address: 'ca/etcd' }] }));
  assert.equal([both.suite.failures, both.suite.skipped], [1, 0]);
  assert.is(both.cases[0]?.skipped, undefined);
});

test('what concerns no resource has a test case of its own: broken text its file, a service its address', async () => {
  const broken = problem({ code: 'yaml-syntax', failClass: 'error', level: 'error', fails: true, address: undefined });
  const { cases } = await read(
    reported({ command: 'validate', resources: [], problems: [broken, { ...broken, address: 'service/etcd' }] }),
  );
  assert.equal(
    cases.map(({ name, failure }) => [name, failure?.length]),
    [
      [file, 1],
      ['service/etcd', 1],
    ],
  );
});

test('what others wrote is text: no markup, and no character that XML forbids', async () => {
  const given = reported({ problems: [{ ...exposed, message: `${hostile} ]]> &amp; \ufffe\u0000\ud800` }] });
  assert.not.match(junitReport(given), /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|<script/);
  const { cases } = await read(given);
  assert.match(cases[1]?.failure?.[0]?.message ?? '', '<script>alert(1)</script>');
  assert.match(cases[1]?.failure?.[0]?.message ?? '', ']]> &amp;');
});

test.run();
