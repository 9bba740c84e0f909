import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { days, later } from '../../src/domain/time.ts';
import { conditionReason } from '../../src/report/condition-reason.ts';
import { conditionNewsText, standingLines } from '../../src/report/condition-text.ts';
import { openmetricsReport } from '../../src/report/formats/openmetrics.ts';
import { plainStyle, renderLines } from '../../src/report/style.ts';
import { changeOf, now, planOf, world } from '../support/plan-world.ts';
import { reported } from '../support/reported.ts';
import { isSampleKept, sampleCondition, sampleConditions } from '../support/sample-conditions.ts';

const test = suite('report/condition-text');

const text = (flags?: readonly string[]): string =>
  renderLines(standingLines({ conditions: sampleConditions, isKept: isSampleKept, flags }, now), plainStyle);

test('what stands is said with its beginning where that is known, and with what to do', () => {
  assert.is(
    text(),
    `Standing:
  error    host              clock in doubt: the clock of this host cannot be right
                             set the clock
  warning  cert/etcd-server  renewal failed since 2026-11-20 (3 d): cannot write /etc/etcd/etcd-server.crt: read-only file system (EROFS)
                             put the cause right, then certstate renew --target cert/etcd-server
`,
  );
});

test('a command to be typed next names the same PKI', () => assert.match(text(['-f', 'pki.yaml']), 'certstate renew -f pki.yaml --target'));

test('nothing is said where nothing stands; of very many the first', () => {
  assert.equal(standingLines({ conditions: [], isKept: isSampleKept }, now), []);
  const many = Array.from({ length: 30 }, (_, index) => sampleCondition({ address: `cert/n${index}` }));
  assert.match(renderLines(standingLines({ conditions: many, isKept: isSampleKept }, now), plainStyle), 'and 10 more');
});

test('news are a line each', () => {
  const condition = sampleCondition({ reason: 'disk full' });
  const news = [
    { status: 'raised', condition },
    { status: 'cleared', condition, because: 'passed' },
    { status: 'cleared', condition, because: 'accepted' },
    { status: 'cleared', condition, because: 'not-managed' },
  ] as const;
  assert.is(
    conditionNewsText(news, plainStyle, now),
    `raised   cert/etcd-server: renewal failed: disk full
cleared  cert/etcd-server: renewal failed is over after 3 d
cleared  cert/etcd-server: renewal failed is accepted by the desired state after 3 d
cleared  cert/etcd-server: renewal failed is no longer looked at by the desired state after 3 d
`,
  );
});

test('a reason does not change by itself from one day to the next', () => {
  for (const left of [-9, 5]) {
    const wanted = world({ pairs: { 'cert/server': { certificate: { notAfter: later(now, days(left)) } } } });
    const change = changeOf(planOf(wanted), 'cert/server');
    const [difference] = change.differences;
    if (!difference) throw new Error('nothing differs');
    const reasons = [0, 1, 2].map((day) => conditionReason({ change, difference }, later(now, days(day))).reason);
    assert.is(new Set(reasons).size, 1, reasons.join('\n'));
  }
});

test('the reason of a doubt is what speaks against the clock, not what the clock shows', () => {
  const message = 'the clock of this host cannot be right: it says 2026-11-24T01:34:40Z, and something was issued at 2027-11-01T01:31:01Z';
  const diagnostic = { code: 'clock-behind', severity: 'warning', message, hint: 'set the clock' } as const;
  assert.is(
    conditionReason({ diagnostic }, now).reason,
    'the clock of this host cannot be right: something was issued at 2027-11-01T01:31:01Z',
  );
});

test('metrics: a sample for each condition, and since when for those on record', () => {
  const metrics = openmetricsReport(reported({ conditions: { conditions: sampleConditions, isKept: isSampleKept } }));
  const samples = metrics.split('\n').filter((line) => line.startsWith('certstate_condition'));
  assert.equal(samples, [
    'certstate_condition{type="time-suspect",address="",severity="error"} 1',
    'certstate_condition{type="renewal-failed",address="cert/etcd-server",severity="warning"} 1',
    `certstate_condition_since_timestamp_seconds{type="renewal-failed",address="cert/etcd-server"} ${sampleCondition().since}`,
  ]);
});

test.run();
