import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openmetricsReport } from '../../../src/report/formats/openmetrics.ts';
import { at, desired, noop, observed, options, plan } from '../../support/change-builders.ts';
import { create, dueRenewal, exposedKey } from '../../support/etcd-changes.ts';
import { exposed, problem, reported, tolerated } from '../../support/reported.ts';

const test = suite('report/formats/openmetrics');

const status = reported({
  command: 'status',
  exitCode: 0,
  name: 'a"b\\c',
  problems: [exposed, exposed, problem(), tolerated],
  plan: { plan: plan([noop.ca, dueRenewal, exposedKey, create('cert/etcd-server')]), desired, observed: observed(), options },
});

const lines = openmetricsReport(status).split('\n');
const samples = (name: string) => lines.filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));

test('every certificate on disk has its end, by address and issuer; what is not there has none', () => {
  const ends = samples('certstate_certificate_not_after_timestamp_seconds');
  assert.ok(
    ends.some((line) => line.startsWith('certstate_certificate_not_after_timestamp_seconds{address="cert/etcd-client",issuer="ca/etcd"} ')),
  );
  assert.is(ends.length, 3);
  assert.ok(ends.every((line) => Number.isSafeInteger(Number(line.split(' ').at(-1)))));
});

test('findings are counted by code, what is accepted is not among them', () => {
  assert.equal(samples('certstate_findings'), [
    'certstate_findings{code="private-key-mode",class="insecure",level="error"} 2',
    'certstate_findings{code="renewal-due",class="due",level="warning"} 1',
  ]);
});

test('every state of resources has its count, zero included: a rate of nothing is still a number', () => {
  const counts = samples('certstate_resources').map((line) => Number(line.split(' ').at(-1)));
  assert.ok(counts.length >= 9 && counts.includes(0));
  assert.is(
    counts.reduce((sum, count) => sum + count, 0),
    4,
  );
});

test('labels are escaped, the time of the look is told, and the last line is # EOF', () => {
  assert.equal(samples('certstate_info'), ['certstate_info{version="0.1.0",desired_state="a\\"b\\\\c"} 1']);
  assert.equal(samples('certstate_evaluated_timestamp_seconds'), [`certstate_evaluated_timestamp_seconds ${at('2026-11-23T16:30:00Z')}`]);
  assert.equal(lines.slice(-2), ['# EOF', '']);
});

test("node_exporter's older parser meets no type that it does not know, and no timestamp", () => {
  const types = lines.filter((line) => line.startsWith('# TYPE ')).map((line) => line.split(' ')[3]);
  assert.equal([...new Set(types)], ['gauge']);
  const written = lines.filter((line) => line !== '' && !line.startsWith('#'));
  assert.ok(written.every((line) => /^[a-z_]+(?:\{.*\})? -?\d+$/.test(line)));
});

test.run();
