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
export function pendingServices(
  environment: Pick<WritingEnvironment, 'reader'>,
  scope: Scope,
  { services, from }: Pick<DesiredState, 'services' | 'from'>,
): readonly PendingService[] {
  const named = new Set(services.map(({ name }) => name));
  return serviceMarks(environment, scope).filter(
    ({ service, source, toldInVain }) =>
      toldInVain === undefined && (named.has(service) || source === undefined || sameSource(source, from)),
  );
}

const sameSource = (left: readonly string[], right: readonly string[]): boolean =>
  left.toSorted().join('\n') === right.toSorted().join('\n');

/** For whoever looks: what runs may not be what is on disk. An apply that tells them itself says that instead. */
export function pendingServiceWarnings(
  environment: Pick<WritingEnvironment, 'reader'>,
  scope: Scope,
  desired: DesiredState,
  who: 'reads' | 'tells' | 'leaves',
): readonly Diagnostic[] {
  const names = [...new Set(pendingServices(environment, scope, desired).map(({ service }) => `service/${service}`))];
  return names.map((address) => ({
    code: 'service-pending',
    severity: who === 'tells' ? 'notice' : 'warning',
    message: `${address} has still to be told of a change that is on disk`,
    hint: hints[who],
    address,
  }));
}

const hints = {
  reads: 'certstate apply tells it',
  tells: 'that is done at the end of this run',
  leaves: 'certstate apply without --no-reload tells it',
} as const;

/** For the store: throws where the mark cannot be made durable, so that the change stays on record and is completed later. */
export function markServices(
  environment: Pick<WritingEnvironment, 'reader' | 'writer'>,
  scope: Scope,
  { from }: Pick<DesiredState, 'from'>,
): Settled {
  return (sets) => {
    const wanted = sets.flatMap(({ services }) => services.map((mark): PendingService => ({ ...mark, source: from })));
    if (wanted.length === 0 || !servicesRun(scope)) return;
    const problem = write(environment, scope, [...serviceMarks(environment, scope), ...wanted]);
    if (problem) throw new Refusal(problem.code, problem.message, problem.hint, problem.notes);
  };
}

/**
 * Leaves the marks of those that could not be told, and notes those that were told in vain, so that they are not told again and again. Where that cannot
 * be written all marks stay: told once too often does no harm.
 */
export function clearTold(
  environment: Pick<WritingEnvironment, 'reader' | 'writer'>,
  scope: Scope,
  outcomes: readonly ServiceOutcome[],
  { from }: Pick<DesiredState, 'from'>,
): void {
  const settled = new Set(outcomes.filter((outcome) => !isStillPending(outcome)).map(({ service }) => service));
  if (settled.size === 0) return;
  const inVain = outcomes.flatMap((outcome): readonly PendingService[] =>
    (outcome.result === 'stale' || outcome.result === 'unreachable') && outcome.argv !== null
      ? [
          {
            service: outcome.service,
            when: outcome.when,
            source: from,
            toldInVain: { certificates: outcome.certificates, ...tellingOf({ argv: outcome.argv, staticPod: outcome.staticPod }) },
          },
        ]
      : [],
  );
  write(environment, scope, [...serviceMarks(environment, scope).filter(({ service }) => !settled.has(service)), ...inVain]);
}

function write(
  environment: Pick<WritingEnvironment, 'reader' | 'writer'>,
  { stateFolder }: Scope,
  pending: readonly PendingService[],
): Diagnostic | undefined {
  return replaceStateFile(environment, stateFolder, pendingServicesFile, encodePendingServices(pending));
}
