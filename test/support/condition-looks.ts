/** Looks at small worlds, as conditions are judged by them. A test says only what is odd. */
import type { HostCheck } from '../../src/domain/condition.ts';
import { type DesiredResource, filesOf } from '../../src/domain/desired-state.ts';
import type { Diagnostic } from '../../src/domain/diagnostic.ts';
import type { ResourceOutcome } from '../../src/domain/outcome.ts';
import { noRecords, type Records } from '../../src/domain/records.ts';
import { days, earlier, type Instant } from '../../src/domain/time.ts';
import type { ConditionLook } from '../../src/plan/condition-look.ts';
import { desiredHash } from '../../src/plan/desired-hash.ts';
import { conditionReason } from '../../src/report/condition-reason.ts';
import { inputOf, now, planOf, type WorldWishes, world } from './plan-world.ts';

export interface LookWishes extends WorldWishes {
  readonly diagnostics?: readonly Diagnostic[];
  /** What was tried, with what became of it; what is not named here was done or blocked. */
  readonly outcomes?: readonly ResourceOutcome[];
  /** Checks of the host that were not made. */
  readonly unmade?: readonly HostCheck[];
  /** Addresses that were looked at; all unless a test says otherwise. */
  readonly only?: readonly string[];
  readonly from?: readonly string[];
}

const everyCheck: readonly HostCheck[] = ['clock', 'listening', 'journal', 'services', 'text'];

export function look({ diagnostics = [], outcomes, unmade = [], only, from = ['pki.yaml'], ...wishes }: LookWishes = {}): ConditionLook {
  const wanted = world(wishes);
  const there = { ...wanted, records: wishes.records ?? appliedAs(wanted.resources) };
  const input = inputOf(there);
  const { changes } = planOf(there);
  return {
    desired: { ...input.desired, from },
    changes: changes.filter(({ address }) => only?.includes(address) ?? true),
    served: input.observed.served,
    diagnostics,
    tried: outcomes && { changes, outcome: { resources: outcomes, interrupted: false } },
    passed: new Set(everyCheck.filter((check) => !unmade.includes(check))),
    now: input.now,
    say: (about) => conditionReason(about, input.now),
  };
}

/** The records of a host on which this was applied. */
export const appliedAs = (resources: readonly DesiredResource[]): Records => ({
  ...noRecords,
  manifest: new Map(
    resources.map((resource) => [
      resource.address,
      {
        address: resource.address,
        source: ['pki.yaml'],
        paths: filesOf(resource).map(({ path }) => path),
        spkiSha256: null,
        written: {},
        desired: desiredHash(resource),
        protect: resource.kind === 'ca',
        appliedAt: earlier(now, days(36)),
      },
    ]),
  ),
});

export const said = (code: Diagnostic['code'], rest: Partial<Diagnostic> = {}): Diagnostic => ({
  code,
  severity: 'error',
  message: `something about ${code}`,
  hint: 'put it right',
  ...rest,
});

export const failed = (address: 'cert/server', rest: Partial<Diagnostic> = {}): ResourceOutcome => ({
  result: 'failed',
  address,
  action: 'renew',
  diagnostic: said('write-failed', { message: 'cannot write /pki/server.crt', ...rest }),
});

export const soon = (count: number): Instant => (now + count) as Instant;
