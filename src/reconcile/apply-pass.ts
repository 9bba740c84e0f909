/** Carries a plan out and remembers what became of it. */
import { applyPlan } from '../apply/apply-plan.ts';
import type { Diagnostic } from '../domain/diagnostic.ts';
import type { ApplyEvent, Outcome } from '../domain/outcome.ts';
import type { Plan } from '../domain/plan.ts';
import type { Instant } from '../domain/time.ts';
import { desiredHash } from '../plan/desired-hash.ts';
import { remainingDifferences } from '../plan/self-check.ts';
import { saveRecords } from '../records/save-records.ts';
import { updateRecords } from '../records/update-records.ts';
import { createFileStore } from '../store-files/file-store.ts';
import { replaceStateFile } from '../store-files/state-files.ts';
import type { Scope, WritingEnvironment } from './environment.ts';
import { keepState, type ReadState } from './keep-state.ts';
import type { PlanPass } from './plan-pass.ts';
import { settling } from './settle.ts';
import { type ClockStart, highestTime, steadyClock } from './steady-clock.ts';

export interface ApplyRequest {
  readonly pass: PlanPass;
  readonly plan: Plan;
  /** The desired state as it was read, where the plan was made from another: it is the one to be kept. */
  readonly read?: ReadState | undefined;
  /** What the clocks showed when the command began: a time that was set since, while somebody was asked or waited for, is not issued by. */
  readonly begun: ClockStart;
  readonly onEvent: (event: ApplyEvent) => void;
  readonly signal: AbortSignal;
  readonly parallelism: number;
  readonly failFast: boolean;
}

export interface ApplyPass {
  readonly outcome: Outcome;
  /** Trouble with the records; the certificates are what the outcome says they are. */
  readonly diagnostics: readonly Diagnostic[];
}

export async function applyPass(environment: WritingEnvironment, scope: Scope, request: ApplyRequest): Promise<ApplyPass> {
  const { reader, writer, clock } = environment;
  const { pass, plan, begun, onEvent, signal, parallelism, failFast } = request;
  const { desired, observed, records } = pass;
  const resources = new Map(desired.resources.map((resource) => [resource.address, resource]));
  const warnings: Diagnostic[] = [];
  const steady = steadyClock(clock, begun);
  const outcome = await applyPlan({
    plan,
    store: createFileStore({
      writer,
      reader,
      root: scope.root,
      stateFolder: scope.stateFolder,
      settled: settling(environment, scope, desired),
      warn: (diagnostic) => warnings.push(diagnostic),
    }),
    reader,
    clock: steady,
    check: (change, result) => {
      const resource = resources.get(change.address);
      return resource && result.certificate
        ? remainingDifferences(resource, observed, { certificate: result.certificate, key: result.key }, steady.now())
        : [];
    },
    onEvent,
    signal,
    parallelism,
    failFast,
    root: scope.root,
  });
  const { acceptClock } = pass.options;
  const now = highestTime(begun, clock);
  const updated = updateRecords(records.records, { desired, plan, outcome, hashOf: desiredHash, now, acceptClock });
  return {
    outcome,
    diagnostics: [
      ...warnings,
      ...saveRecords(
        { stateFolder: scope.stateFolder, replace: (name, bytes) => replaceStateFile({ writer, reader }, scope.stateFolder, name, bytes) },
        records,
        updated,
      ),
      ...keepState(environment, scope, request.read ?? pass, updated, now),
    ],
  };
}

/** Whether something is to be remembered even if nothing is done: files found in order for the first time, a clock that was accepted. */
export function remembersMore({ desired, records, options: { acceptClock } }: PlanPass, plan: Plan, now: Instant): boolean {
  let writes = false;
  const outcome: Outcome = { resources: [], interrupted: false };
  const replace = () => {
    writes = true;
    return undefined;
  };
  const updated = updateRecords(records.records, { desired, plan, outcome, hashOf: desiredHash, now, acceptClock });
  saveRecords({ stateFolder: '', replace }, records, updated);
  return writes;
}
