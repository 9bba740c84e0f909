/** What `watch --apply` is asked to do. */
import { type Action, actions as knownActions } from '../domain/plan.ts';
import { timerDoes } from '../plan/scheduled.ts';
import { UsageError } from './usage-error.ts';

/** What may be done without anybody being asked, weakest first: whatever is done to an authority's key needs a person all the same. */
export const unattended = ['fix', 'renew', 'reissue', 'rekey', 'create'] as const satisfies readonly Action[];

/** `--apply`, or `--apply=renew,fix,reissue`; undefined without it. */
export function doesOf(wanted: string | true | undefined): ReadonlySet<Action> | undefined {
  if (wanted === undefined) return undefined;
  if (wanted === true) return timerDoes;
  const words = wanted.split(',').map((word) => word.trim());
  const [unknown] = words.filter((word) => !unattended.some((action) => action === word));
  if (unknown === undefined) return new Set(unattended.filter((action) => words.includes(action)));
  throw new UsageError(
    knownActions.some((action) => action === unknown)
      ? `--apply does not ${unknown}: that is for a person`
      : unknown === ''
        ? `an action is missing in --apply=${wanted}`
        : `--apply ${unknown} is not an action`,
    `of ${unattended.join(', ')}, for example --apply=renew,fix,reissue`,
  );
}
