/** A timer that was overtaken: somebody wrote to a file while its key was made. What is then still to be done is done at once, and nobody is told of a failure. */
import type { ApplyEvent, Outcome, ResourceOutcome } from '../domain/outcome.ts';
import { type ApplyPass, applyPass } from './apply-pass.ts';
import type { Scope, WritingEnvironment } from './environment.ts';
import type { RenewLook, RenewLookResult } from './look-to-renew.ts';
import type { ClockStart } from './steady-clock.ts';

export interface UnattendedRequest {
  /** What the clocks showed when the pass began. */
  readonly begun: ClockStart;
  readonly signal: AbortSignal;
  readonly parallelism: number;
  readonly report: { readonly event: (event: ApplyEvent) => void };
}

/** Whoever loses more often than this is not the only one who writes there all the time, and somebody has to hear of it. */
const mostTries = 3;

/**
 * Carries out what a timer has to do. That a file is another one than the plan saw is noticed before anything is replaced: what it stopped is decided anew, from
 * another look, and all else stands. Only a race that is lost each time is a failure.
 * @returns what became of everything, and the look that it was last decided by.
 */
export async function applyUnlessOvertaken(
  environment: WritingEnvironment,
  scope: Scope,
  request: UnattendedRequest,
  first: RenewLook,
  lookAgain: () => Promise<RenewLookResult>,
): Promise<ApplyPass & { readonly look: RenewLook }> {
  const { signal, report } = request;
  const carriedOut = ({ pass, plan, read }: RenewLook): Promise<ApplyPass> =>
    applyPass(environment, scope, {
      pass,
      plan,
      read,
      begun: request.begun,
      signal,
      parallelism: request.parallelism,
      failFast: false,
      onEvent(event) {
        if (event.type !== 'end' || !isOvertaken(event.outcome)) report.event(event);
      },
    });
  let look = first;
  let done = await carriedOut(look);
  for (let tries = 1; tries < mostTries && done.outcome.resources.some(isOvertaken) && !signal.aborted; tries += 1) {
    const again = await lookAgain();
    if (!again.ok) break;
    const standing = settled(done.outcome);
    const known = new Set(standing.map(({ address }) => address));
    const open = again.plan.changes.filter(({ address }) => !known.has(address));
    const next = await carriedOut({ ...again, plan: { ...again.plan, changes: open } });
    look = { ...again, plan: { ...again.plan, changes: [...look.plan.changes.filter(({ address }) => known.has(address)), ...open] } };
    done = {
      outcome: { resources: [...standing, ...next.outcome.resources], interrupted: next.outcome.interrupted },
      diagnostics: [...done.diagnostics, ...next.diagnostics],
    };
  }
  for (const outcome of done.outcome.resources) if (isOvertaken(outcome)) report.event({ type: 'end', outcome });
  return { ...done, look };
}

const isOvertaken = (resource: ResourceOutcome): boolean =>
  resource.result === 'failed' && resource.diagnostic.code === 'changed-since-plan';

/** All but what somebody else stopped, and what had to wait for that. */
function settled({ resources }: Outcome): readonly ResourceOutcome[] {
  const overtaken = new Set<string>(resources.filter(isOvertaken).map(({ address }) => address));
  return resources.filter(
    (resource) => !overtaken.has(resource.address) && !(resource.result === 'held-back' && overtaken.has(resource.because)),
  );
}
