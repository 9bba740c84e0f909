/** How it stands with the services of a desired state that have still to be told: who tells them, and what is said of those that nobody tells unasked. */
import type { DesiredState } from '../domain/desired-state.ts';
import type { Diagnostic } from '../domain/diagnostic.ts';
import type { ObservedState } from '../domain/observed-state.ts';
import type { Plan } from '../domain/plan.ts';
import { oftenText, type PendingService } from '../domain/service-outcome.ts';
import { type MarkStanding, type StandingMark, standingMarks } from '../plan/mark-standing.ts';
import { tellingText } from '../report/shell-words.ts';
import type { Scope, WritingEnvironment } from './environment.ts';
import { marksFor, serviceMarks, writeMarks } from './service-marks.ts';

/** What of a look tells how it stands with a mark. */
export interface Seen {
  readonly desired: DesiredState;
  readonly observed: Pick<ObservedState, 'served'>;
  readonly plan: Pick<Plan, 'changes'>;
}

/** @param who a person has all of them told; whoever is not asked leaves those alone that were told, and told once more, to no avail. */
export function servicesToTell(
  environment: Pick<WritingEnvironment, 'reader'>,
  scope: Scope,
  seen: Seen,
  who: TellsAs,
): readonly PendingService[] {
  const counts: readonly MarkStanding[] = who === 'person' ? ['waits', 'given-up', 'held-back'] : ['waits'];
  return standingHere(environment, scope, seen).flatMap(({ mark, is }) => (counts.includes(is) ? [mark] : []));
}

export type TellsAs = 'person' | 'schedule';

/** For whoever is not asked: those that it tells no more. */
export const givenUpNotices = (environment: Pick<WritingEnvironment, 'reader'>, scope: Scope, seen: Seen): readonly Diagnostic[] =>
  noticesOf(
    standingHere(environment, scope, seen).filter(({ is }) => is === 'given-up' || is === 'in-vain'),
    'reads',
  );

function standingHere(
  environment: Pick<WritingEnvironment, 'reader'>,
  scope: Scope,
  { desired, observed, plan }: Seen,
): readonly StandingMark[] {
  const services = new Map(desired.services.map((service) => [service.name, service]));
  return standingMarks(marksFor(environment, scope, desired), {
    resources: desired.resources,
    services,
    changes: plan.changes,
    observed,
  });
}

/** Whether this look can say of every service whether it has still to be told: it may be of other resources than those that it serves. */
export const areServicesSeen = (environment: Pick<WritingEnvironment, 'reader'>, scope: Scope, seen: Seen): boolean =>
  standingHere(environment, scope, seen).every(({ is }) => is !== 'unseen');

/** For whoever looks: what runs may not be what is on disk. An apply that tells them itself says that instead. */
export function pendingServiceWarnings(
  environment: Pick<WritingEnvironment, 'reader'>,
  scope: Scope,
  seen: Seen,
  who: 'reads' | 'tells' | 'leaves',
): readonly Diagnostic[] {
  return noticesOf(
    standingHere(environment, scope, seen).filter(({ is }) => is !== 'served' && is !== 'unseen'),
    who,
  );
}

function noticesOf(open: readonly StandingMark[], who: keyof typeof hints): readonly Diagnostic[] {
  const byAddress = new Map(open.map((one) => [`service/${one.mark.service}`, one]));
  return [...byAddress].map(([address, { mark, is }]) => ({
    code: 'service-pending',
    severity: who === 'tells' ? 'notice' : 'warning',
    message: `${address} ${triedWords(mark, is) ?? 'has still to be told of a change that is on disk'}`,
    hint: (is === 'given-up' || is === 'in-vain') && who === 'reads' ? givenUpHint : hints[who],
    address,
  }));
}

function triedWords({ tried, toldInVain }: PendingService, is: MarkStanding): string | undefined {
  if (is === 'given-up' && tried) {
    const end = tried.detail === undefined ? 'was not seen to end' : `failed: ${tried.detail}`;
    return `was told ${oftenText(tried.times)} of a change that is on disk, in vain (${tellingText(tried)} ${end}): nobody tells it again unasked`;
  }
  if (is !== 'in-vain' || !toldInVain) return undefined;
  const often = toldInVain.times === undefined ? '' : ` ${oftenText(toldInVain.times)}`;
  return `was told${often} of what is on disk (${tellingText(toldInVain)}), and is not seen to serve it: nobody tells it again unasked`;
}

const givenUpHint =
  'put the cause right, then certstate apply, which tells it again at once; it is over too once a probe sees it serve what is on disk';

const hints = {
  reads: 'certstate apply tells it',
  tells: 'that is done at the end of this run',
  leaves: 'certstate apply without --no-reload tells it',
} as const;

/** Of those that are given up, and were yet seen to serve what is on disk, nothing is left to be told: somebody else has done it. */
export function dropServed(environment: Pick<WritingEnvironment, 'reader' | 'writer'>, scope: Scope, seen: Seen): void {
  const served = servedMarks(environment, scope, seen);
  if (served.length === 0) return;
  const isServed = ({ service, when, toldInVain }: PendingService): boolean =>
    toldInVain === undefined && served.some((mark) => mark.service === service && mark.when === when);
  writeMarks(
    environment,
    scope,
    serviceMarks(environment, scope).filter((mark) => !isServed(mark)),
  );
}

export const servedMarks = (environment: Pick<WritingEnvironment, 'reader'>, scope: Scope, seen: Seen): readonly PendingService[] =>
  standingHere(environment, scope, seen).flatMap(({ mark, is }) => (is === 'served' ? [mark] : []));
