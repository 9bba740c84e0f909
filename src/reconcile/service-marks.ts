/** Which services have still to be told, kept in the state directory: marked before a change counts as finished, cleared when they were told. */
import type { DesiredState } from '../domain/desired-state.ts';
import type { Diagnostic } from '../domain/diagnostic.ts';
import { isStillPending, type PendingService, type ServiceOutcome } from '../domain/service-outcome.ts';
import { tellingOf } from '../domain/telling.ts';
import type { Settled } from '../ports/store.ts';
import { encodePendingServices, pendingServicesFile, readPendingServices } from '../records/pending-services.ts';
import { replaceStateFile } from '../store-files/state-files.ts';
import { Refusal } from '../store-files/write-problems.ts';
import type { Scope, WritingEnvironment } from './environment.ts';

/** Under a root other than `/` nothing runs that could read the files: nobody is marked. */
export const servicesRun = ({ root }: Pick<Scope, 'root'>): boolean => root === '';

/** Every mark of this state directory: those of services that were told in vain too. */
export const serviceMarks = ({ reader }: Pick<WritingEnvironment, 'reader'>, scope: Scope): readonly PendingService[] =>
  servicesRun(scope) ? readPendingServices(reader, scope.stateFolder) : [];

/**
 * The services that are marked and that this desired state can speak of: it names them, or they were marked for what the same `-f` named then.
 * Marks of another desired state over the same state directory wait for that one.
 */
export const pendingServices = (
  environment: Pick<WritingEnvironment, 'reader'>,
  scope: Scope,
  desired: Pick<DesiredState, 'services' | 'from'>,
): readonly PendingService[] => marksFor(environment, scope, desired).filter(({ toldInVain }) => toldInVain === undefined);

/** The same, and those that were told in vain. */
export function marksFor(
  environment: Pick<WritingEnvironment, 'reader'>,
  scope: Scope,
  { services, from }: Pick<DesiredState, 'services' | 'from'>,
): readonly PendingService[] {
  const named = new Set(services.map(({ name }) => name));
  return serviceMarks(environment, scope).filter(
    ({ service, source }) => named.has(service) || source === undefined || sameSource(source, from),
  );
}

const sameSource = (left: readonly string[], right: readonly string[]): boolean =>
  left.toSorted().join('\n') === right.toSorted().join('\n');

/** For the store: throws where the mark cannot be made durable, so that the change stays on record and is completed later. */
export function markServices(
  environment: Pick<WritingEnvironment, 'reader' | 'writer'>,
  scope: Scope,
  { from }: Pick<DesiredState, 'from'>,
): Settled {
  return (sets) => {
    const wanted = sets.flatMap(({ services }) => services.map((mark): PendingService => ({ ...mark, source: from })));
    if (wanted.length === 0 || !servicesRun(scope)) return;
    // What is new is told from the beginning, whatever became of what was before.
    const anew = new Set(wanted.map(({ service }) => service));
    const before = serviceMarks(environment, scope).map(({ tried, ...mark }) =>
      tried && !anew.has(mark.service) ? { ...mark, tried } : mark,
    );
    const problem = writeMarks(environment, scope, [...before, ...wanted]);
    if (problem) throw new Refusal(problem.code, problem.message, problem.hint, problem.notes);
  };
}

/**
 * Counts that a service is told, before it is: a run that ends in the middle has told it. Where that cannot be written it is told all the same: better once
 * too often than never.
 */
export function noteTelling(
  environment: Pick<WritingEnvironment, 'reader' | 'writer'>,
  scope: Scope,
  { service, when, source, tried }: PendingService,
): void {
  const marks = serviceMarks(environment, scope);
  const own = marks.filter((mark) => mark.service === service && mark.toldInVain === undefined);
  const told = (own.length > 0 ? own : [{ service, when, source }]).map((mark) => ({ ...mark, tried }));
  writeMarks(environment, scope, [...marks.filter((mark) => mark.service !== service), ...told]);
}

/**
 * Leaves the marks of those that could not be told, with the reason, and notes those that were told in vain, so that they are not told again and again. Where that cannot
 * be written all marks stay: told once too often does no harm.
 */
export function clearTold(
  environment: Pick<WritingEnvironment, 'reader' | 'writer'>,
  scope: Scope,
  outcomes: readonly ServiceOutcome[],
  { from }: Pick<DesiredState, 'from'>,
): void {
  const settled = new Set(outcomes.filter((outcome) => !isStillPending(outcome)).map(({ service }) => service));
  const failed = new Map(outcomes.flatMap((outcome) => (outcome.result === 'failed' ? [[outcome.service, outcome.detail]] : [])));
  if (settled.size + failed.size === 0) return;
  const marks = serviceMarks(environment, scope);
  const triedOf = (name: string) => marks.find(({ service, tried }) => service === name && tried)?.tried;
  const inVain = outcomes.flatMap((outcome): readonly PendingService[] =>
    (outcome.result === 'stale' || outcome.result === 'unreachable') && outcome.argv !== null
      ? [
          {
            service: outcome.service,
            when: outcome.when,
            source: from,
            toldInVain: {
              certificates: outcome.certificates,
              ...tellingOf({ argv: outcome.argv, staticPod: outcome.staticPod }),
              times: triedOf(outcome.service)?.times ?? outcome.times,
            },
          },
        ]
      : [],
  );
  const left = marks
    .filter(({ service }) => !settled.has(service))
    .map((mark) =>
      mark.tried && failed.has(mark.service) ? { ...mark, tried: { ...mark.tried, detail: failed.get(mark.service) } } : mark,
    );
  writeMarks(environment, scope, [...left, ...inVain]);
}

/** Undefined where it is done. */
export function writeMarks(
  environment: Pick<WritingEnvironment, 'reader' | 'writer'>,
  { stateFolder }: Scope,
  pending: readonly PendingService[],
): Diagnostic | undefined {
  return replaceStateFile(environment, stateFolder, pendingServicesFile, encodePendingServices(pending));
}
