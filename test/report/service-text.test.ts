import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ServiceOutcome } from '../../src/domain/service-outcome.ts';
import { instantOf } from '../../src/domain/time.ts';
import { serviceLine, servicesSummary } from '../../src/report/service-text.ts';
import { plainStyle } from '../../src/report/style.ts';

const test = suite('report/service-text');

const argv = ['systemctl', 'reload', 'etcd'];
const done: ServiceOutcome = { result: 'unverified', service: 'etcd', when: 'reload', argv, milliseconds: 812 };
const failed: ServiceOutcome = {
  result: 'failed',
  service: 'etcd',
  when: 'trust-change',
  argv,
  failure: 'exit-code',
  detail: 'exit code 1',
  output: 'one\nUnit etcd.service not \u001b[31mfound\n',
  milliseconds: 20,
};
const restarted: ServiceOutcome = { ...done, when: 'trust-change', argv: [], staticPod: 'etcd' };
const skipped: ServiceOutcome = { result: 'skipped', service: 'etcd', when: 'reload', because: 'not-active' };
const forgotten: ServiceOutcome = { result: 'skipped', service: 'etcd', when: 'reload', because: 'no-command' };
const heldBack: ServiceOutcome = { result: 'held-back', service: 'apiserver', when: 'trust-change', because: 'etcd' };

const context = { style: plainStyle, now: instantOf(0), addressColumns: 12 };
const lines: readonly (readonly [ServiceOutcome, string, string])[] = [
  [
    done,
    '  service/etcd  reload   unverified 0.8s   systemctl reload etcd',
    '1970-01-01T00:00:00Z service/etcd reload unverified 0.8s   systemctl reload etcd',
  ],
  [
    failed,
    '  service/etcd  restart  FAILED     systemctl reload etcd: exit code 1: Unit etcd.service not \\u{1b}[31mfound',
    '1970-01-01T00:00:00Z service/etcd restart FAILED systemctl reload etcd: exit code 1: Unit etcd.service not \\u{1b}[31mfound',
  ],
  [
    restarted,
    '  service/etcd  restart  unverified 0.8s   restart static pod etcd',
    '1970-01-01T00:00:00Z service/etcd restart unverified 0.8s   restart static pod etcd',
  ],
  [skipped, '  service/etcd  reload   skipped    it is not active', '1970-01-01T00:00:00Z service/etcd reload skipped it is not active'],
  [
    forgotten,
    '  service/etcd  reload   skipped    the desired state has no command for it',
    '1970-01-01T00:00:00Z service/etcd reload skipped the desired state has no command for it',
  ],
  [
    heldBack,
    '  service/apiserver  restart  held back  service/etcd could not be told',
    '1970-01-01T00:00:00Z service/apiserver restart held back service/etcd could not be told',
  ],
];
for (const [outcome, terminal, pipeline] of lines) {
  test(`${outcome.result}${'because' in outcome ? ` (${outcome.because})` : ''} on a terminal and in a pipeline`, () => {
    assert.is(serviceLine(outcome, { ...context, terminal: true }), terminal);
    assert.is(serviceLine(outcome, { ...context, terminal: false }), pipeline);
  });
}

test('the closing sentence counts who was told and who was not', () => {
  assert.is(servicesSummary([]), undefined);
  assert.is(servicesSummary([skipped]), undefined);
  assert.is(servicesSummary([done, done]), '2 services told, unverified: no probe says where to look.');
  assert.match(
    servicesSummary([done, failed, heldBack]) ?? '',
    /^1 service told, unverified: no probe says where to look\. 2 services could not be told: the files are right/,
  );
});

test.run();
