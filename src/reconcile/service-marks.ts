/** Which services have still to be told, kept in the state directory: marked before a change counts as finished, cleared when they were told. */
import type { Diagnostic } from '../domain/diagnostic.ts';
import { isStillPending, type PendingService, type ServiceOutcome } from '../domain/service-outcome.ts';
import type { Settled } from '../ports/store.ts';
import { encodePendingServices, pendingServicesFile, readPendingServices } from '../records/pending-services.ts';
import { replaceStateFile } from '../store-files/state-files.ts';
import type { Scope, WritingEnvironment } from './environment.ts';

/** Under a root other than `/` nothing runs that could read the files: nobody is marked. */
export const servicesRun = ({ root }: Pick<Scope, 'root'>): boolean => root === '';

export const pendingServices = ({ reader }: Pick<WritingEnvironment, 'reader'>, scope: Scope): readonly PendingService[] =>
  servicesRun(scope) ? readPendingServices(reader, scope.stateFolder) : [];

/** For whoever looks: what runs may not be what is on disk. */
export function pendingServiceWarnings(environment: Pick<WritingEnvironment, 'reader'>, scope: Scope): readonly Diagnostic[] {
  const names = [...new Set(pendingServices(environment, scope).map(({ service }) => `service/${service}`))];
  if (names.length === 0) return [];
  return [
    {
      code: 'service-pending',
      severity: 'warning',
      message: `${names.join(', ')} ${names.length === 1 ? 'has' : 'have'} still to be told of a change that is on disk`,
      hint: 'certstate apply tells them',
    },
  ];
}

/** For the store: throws where the mark cannot be made durable, so that the change stays on record and is completed later. */
export function markServices(environment: Pick<WritingEnvironment, 'reader' | 'writer'>, scope: Scope): Settled {
  return (sets) => {
    const marks = sets.flatMap(({ services }) => services);
    if (marks.length > 0 && servicesRun(scope)) write(environment, scope, [...pendingServices(environment, scope), ...marks]);
  };
}

/** Leaves the marks of those that could not be told. */
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
    pendingServices(environment, scope).filter(({ service }) => !told.has(service)),
  );
}

function write(
  environment: Pick<WritingEnvironment, 'reader' | 'writer'>,
  { stateFolder }: Scope,
  pending: readonly PendingService[],
): void {
  const problem = replaceStateFile(environment, stateFolder, pendingServicesFile, encodePendingServices(pending));
  if (problem) throw Object.assign(new Error(problem.message), { code: 'EIO' });
}
