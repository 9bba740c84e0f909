/** What an interrupted run left behind: completed by whoever writes next, told by whoever reads. */
import type { DesiredState } from '../domain/desired-state.ts';
import { filesOf } from '../domain/desired-state.ts';
import type { Diagnostic } from '../domain/diagnostic.ts';
import type { Instant } from '../domain/time.ts';
import type { RecordsReading } from '../records/read-records.ts';
import { lockOwnerText } from '../report/lock-text.ts';
import { interruptedChanges } from '../store-files/pending.ts';
import { type Recovery, recover } from '../store-files/recover.ts';
import type { Scope, WritingEnvironment } from './environment.ts';
import { markServices } from './service-marks.ts';
import { lockPath } from './state-lock.ts';

/** Whether there is something to complete before anything is planned. Looks only. */
export const wasInterrupted = ({ reader }: WritingEnvironment, { stateFolder }: Scope): boolean =>
  interruptedChanges(reader, stateFolder).length > 0;

/** Completes what was begun. Call it under the lock. Only paths that the desired state or the manifest names are ever written. */
export function completeInterrupted(
  environment: WritingEnvironment,
  scope: Scope,
  { desired, records }: { readonly desired: DesiredState; readonly records: RecordsReading },
): Recovery {
  const allowed = new Set([
    ...desired.resources.flatMap((resource) => filesOf(resource).map(({ path }) => path)),
    ...[...records.records.manifest.values()].flatMap(({ paths }) => paths),
  ]);
  const { reader, writer } = environment;
  const { root, stateFolder } = scope;
  return recover({ writer, reader, root, stateFolder, allowed, settled: markServices(environment, scope) });
}

/** For commands that only read: what is on disk is not what somebody meant it to be, yet. */
export function interruptionWarnings({ reader, locks }: WritingEnvironment, { stateFolder }: Scope, now: Instant): readonly Diagnostic[] {
  const changes = interruptedChanges(reader, stateFolder);
  if (changes.length === 0) return [];
  const holder = locks.holder(lockPath(stateFolder));
  if (holder)
    return [
      {
        code: 'interrupted-change',
        severity: 'notice',
        message: 'another certstate is in the middle of a change',
        hint: 'run this again when it is done',
        notes: [`owner: ${lockOwnerText(holder, now)}`],
      },
    ];
  const resources = [...new Set(changes.flatMap((change) => change.resources))];
  return [
    {
      code: 'interrupted-change',
      severity: 'warning',
      message: `a change ${resources.length === 0 ? '' : `of ${resources.join(', ')} `}was interrupted`,
      hint: 'certstate apply completes it before it does anything else',
      notes: changes.map(({ record, problem }) =>
        problem === undefined ? `its record is ${record}` : `${record} cannot be used: ${problem}`,
      ),
    },
  ];
}
