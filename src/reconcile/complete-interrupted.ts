/** What an interrupted run left behind: completed by whoever writes next, told by whoever reads. */
import type { DesiredState } from '../domain/desired-state.ts';
import { filesOf } from '../domain/desired-state.ts';
import type { Diagnostic } from '../domain/diagnostic.ts';
import type { Instant } from '../domain/time.ts';
import type { RecordsReading } from '../records/read-records.ts';
import { lockOwnerText } from '../report/lock-text.ts';
import { interruptedChanges, stagesBeside } from '../store-files/pending.ts';
import { type Recovery, recover } from '../store-files/recover.ts';
import type { Scope, WritingEnvironment } from './environment.ts';
import { settling } from './settle.ts';
import { lockPath } from './state-lock.ts';

interface Known {
  readonly desired: DesiredState;
  readonly records: RecordsReading;
}

/**
 * Whether there is something to complete or to tidy up before anything is planned: a change that is committed, or what a run left that died before.
 * Looks only. Stages beside a run that is at work are its own.
 */
export const wasInterrupted = ({ reader, locks }: WritingEnvironment, scope: Scope, known: Known): boolean =>
  interruptedChanges(reader, scope.stateFolder).length > 0 ||
  (stagesBeside(reader, scope.stateFolder, ourPaths(known, scope)).length > 0 && locks.holder(lockPath(scope.stateFolder)) === undefined);

/** What is remembered of another root stays out: a state directory may have been copied together with the root that it is in. */
const ourPaths = ({ desired, records }: Known, { root }: Scope): ReadonlySet<string> =>
  new Set([
    ...desired.resources.flatMap((resource) => filesOf(resource).map(({ path }) => path)),
    ...[...records.records.manifest.values()].flatMap(({ paths }) => paths.filter((path) => path.startsWith(`${root}/`))),
  ]);

/** Completes what was begun. Call it under the lock. Only paths that the desired state or the manifest names are ever written. */
export function completeInterrupted(environment: WritingEnvironment, scope: Scope, known: Known): Recovery {
  const allowed = ourPaths(known, scope);
  const { reader, writer } = environment;
  const { root, stateFolder } = scope;
  return recover({ writer, reader, root, stateFolder, allowed, settled: settling(environment, scope, known.desired) });
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
