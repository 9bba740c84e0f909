/** What is written down once the files of a change are in place for good, and before the change counts as finished: so that no crash forgets it. */
import type { DesiredState } from '../domain/desired-state.ts';
import type { Settled } from '../ports/store.ts';
import type { Scope, WritingEnvironment } from './environment.ts';
import { settleHolds } from './holds.ts';
import { markServices } from './service-marks.ts';

/** For the store: which services have still to be told, and what is held from now on. Throws where that cannot be made durable. */
export function settling(environment: WritingEnvironment, scope: Scope, desired: Pick<DesiredState, 'from'>): Settled {
  const mark = markServices(environment, scope, desired);
  return (sets) => {
    mark(sets);
    settleHolds(environment, scope, sets);
  };
}
