import { spawnSync } from 'node:child_process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openmetricsReport } from '../../../src/report/formats/openmetrics.ts';
import { desired, noop, observed, options, plan } from '../../support/change-builders.ts';
import { create, dueRenewal } from '../../support/etcd-changes.ts';
import { needsPython } from '../../support/needs.ts';
import { exposed, hostile, reported } from '../../support/reported.ts';

const test = suite('report/formats/openmetrics, as Prometheus reads it');

const text = openmetricsReport(
  reported({
    command: 'status',
    name: hostile,
    problems: [exposed],
    plan: { plan: plan([noop.ca, dueRenewal, create('cert/etcd-server')]), desired, observed: observed(), options },
  }),
);

/** The families and samples that a parser of Prometheus' own Python client finds. */
function read(
  module: string,
  input: string,
): { readonly status: number | null; readonly families: readonly (readonly [string, string, number])[] } {
  const program = [
    'import json, sys',
    `from ${module} import text_string_to_metric_families as parse`,
    'print(json.dumps([[f.name, f.type, len(f.samples)] for f in parse(sys.stdin.read())]))',
  ].join('\n');
  const { status, stdout } = spawnSync('/usr/bin/python3', ['-c', program], { input, encoding: 'utf8' });
  return { status, families: status === 0 ? (JSON.parse(stdout) as readonly (readonly [string, string, number])[]) : [] };
}

if (needsPython('prometheus_client', 'python3-prometheus-client')) {
  test('the strict parser of OpenMetrics reads every family', () => {
    const { status, families } = read('prometheus_client.openmetrics.parser', text);
    assert.is(status, 0);
    assert.is(families.length, 10);
    assert.ok(families.every(([name, type]) => name.startsWith('certstate_') && type === 'gauge'));
    // Nothing is on hold there, and no condition stands.
    assert.equal(
      families.filter(([, , samples]) => samples === 0).map(([name]) => name),
      ['certstate_condition', 'certstate_condition_since_timestamp_seconds', 'certstate_hold_until_timestamp_seconds'],
    );
  });

  test('and refuses the same text without its last line', () => {
    assert.is.not(read('prometheus_client.openmetrics.parser', text.replace('# EOF\n', '')).status, 0);
  });

  test("the parser of the older text format, which is node_exporter's, reads the same", () => {
    const { status, families } = read('prometheus_client.parser', text);
    assert.is(status, 0);
    assert.is(families.length, 10);
  });
}

test.run();
