/** Which services have still to be told, kept in the state directory: marked before a change counts as finished, cleared when they were told. */
import type { DesiredState } from '../domain/desired-state.ts';
import type { Diagnostic } from '../domain/diagnostic.ts';
import { isStillPending, type PendingService, type ServiceOutcome } from '../domain/service-outcome.ts';
import type { Settled } from '../ports/store.ts';
import { encodePendingServices, pendingServicesFile, readPendingServices } from '../records/pending-services.ts';
import { replaceStateFile } from '../store-files/state-files.ts';
import { Refusal } from '../store-files/write-problems.ts';
import type { Scope, WritingEnvironment } from './environment.ts';

/** Under a root other than `/` nothing runs that could read the files: nobody is marked. */
export const servicesRun = ({ root }: Pick<Scope, 'root'>): boolean => root === '';

const marks = ({ reader }: Pick<WritingEnvironment, 'reader'>, scope: Scope): readonly PendingService[] =>
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
  return marks(environment, scope).filter(({ service, source }) => named.has(service) || source === undefined || sameSource(source, from));
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
    const problem = write(environment, scope, [...marks(environment, scope), ...wanted]);
    if (problem) throw new Refusal(problem.code, problem.message, problem.hint, problem.notes);
  };
}

/** Leaves the marks of those that could not be told. Where that cannot be written all of them stay: told once too often does no harm. */
export function clearTold(
  environment: Pick<WritingEnvironment, 'reader' | 'writer'>,
  scope: Scope,
  outcomes: readonly ServiceOutcome[],
): void {
  const told = new Set(outcomes.filter((outcome) => !isStillPending(outcome)).map(({ service }) => service));
  if (told.size === 0) return;
  write(
    environment,
    scope,
    marks(environment, scope).filter(({ service }) => !told.has(service)),
  );
}

function write(
  environment: Pick<WritingEnvironment, 'reader' | 'writer'>,
  { stateFolder }: Scope,
  pending: readonly PendingService[],
): Diagnostic | undefined {
  return replaceStateFile(environment, stateFolder, pendingServicesFile, encodePendingServices(pending));
}
