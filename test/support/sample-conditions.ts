import type { Condition } from '../../src/domain/condition.ts';
import { days, earlier, later } from '../../src/domain/time.ts';
import { now } from './plan-world.ts';

export const sampleCondition = (rest: Partial<Condition> = {}): Condition => ({
  type: 'renewal-failed',
  address: 'cert/etcd-server',
  since: earlier(now, days(3)),
  changedAt: earlier(now, days(1)),
  severity: 'warning',
  codes: ['file-system-read-only'],
  reason: 'cannot write /etc/etcd/etcd-server.crt: read-only file system (EROFS)',
  repair: 'put the cause right, then certstate renew --target cert/etcd-server',
  source: ['pki.yaml'],
  certificate: { sha256: 'ab'.repeat(32), notBefore: earlier(now, days(340)), notAfter: later(now, days(25)) },
  ...rest,
});

/** One that is on record, and one of the host that only this look has seen. */
export const sampleConditions: readonly Condition[] = [
  sampleCondition({
    type: 'time-suspect',
    address: null,
    severity: 'error',
    codes: ['clock-behind'],
    reason: 'the clock of this host cannot be right',
    repair: 'set the clock',
    since: now,
    changedAt: now,
    certificate: null,
  }),
  sampleCondition(),
];
export const isSampleKept = ({ since }: Condition): boolean => since !== now;
