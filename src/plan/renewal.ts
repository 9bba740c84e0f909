/** When a leaf is due: inside its window, and only if renewing helps. */
import type { DesiredCertificate, DesiredResource } from '../domain/desired-state.ts';
import type { CertificateFacts } from '../domain/observed-state.ts';
import type { Change } from '../domain/plan.ts';
import { between, type Duration, earlier, earliest, endOfTime, formatInstant, type Instant, later, seconds } from '../domain/time.ts';
import { type CheckContext, certificateOf, type Found } from './check-context.ts';
import { backdateOf, durationOf } from './defaults.ts';
import type { IssuerOutcome } from './issuer-outcome.ts';
import { jitterOf } from './jitter.ts';
import { ageOf, lifetimeOf, renewalWindow, validityOf } from './validity.ts';
import { hadItsChance } from './windows.ts';

export interface RenewalState {
  readonly window: Duration;
  /** When the window opens; on a machine that spreads its renewals, so much earlier as its jitter says. */
  readonly from: Instant;
  readonly isDue: boolean;
  /** Inside the window, but a new certificate would hardly end later: the issuer ends first. */
  readonly issuerEndsFirst: boolean;
}

/** What a renewal is judged by beside the certificate. */
export interface RenewalContext {
  readonly issuer: Pick<IssuerOutcome, 'notAfter'> | undefined;
  readonly now: Instant;
  /** Whose jitter counts; absent for whoever does not act by the hour. */
  readonly machine?: string | undefined;
}

/** Judged by the dates of the certificate on disk, not by those it was once asked for (a clipped one would else be due for ever). */
export function renewalState(
  desired: DesiredCertificate,
  certificate: CertificateFacts,
  { issuer, now, machine }: RenewalContext,
): RenewalState {
  const window = renewalWindow(desired.renewBefore, lifetimeOf(certificate));
  const { address, turn } = desired;
  const jitter = machine === undefined ? seconds(0) : jitterOf({ machine, address, serial: certificate.serial, turn }, window);
  const from = earlier(earlier(certificate.notAfter, window), jitter);
  const duration = durationOf(desired);
  const wanted = later(now, duration);
  const newEnd = earliest(wanted, issuer?.notAfter ?? endOfTime, endOfTime);
  const inWindow = validityOf(certificate, now) === 'valid' && now >= from;
  const helps = newEnd >= later(certificate.notAfter, leastGain(window, duration));
  return { window, from, isDue: inWindow && helps, issuerEndsFirst: inWindow && !helps && newEnd < wanted };
}

/**
 * How much later a renewed certificate must end for the renewal to be worth it; else one that its issuer cuts short would be renewed for ever.
 * Never more than a renewal brings where nothing is cut short: short-lived certificates would else expire before they are due.
 */
export function leastGain(window: Duration, duration: Duration): Duration {
  const most = duration > window ? duration - window : Math.floor(duration / 2);
  return seconds(Math.min(Math.max(3600, Math.floor(window / 10)), most));
}

/** What a plan says of the next renewal: of the certificate that is issued, else of the one that is kept. An authority is never renewed by itself. */
export function renewalOf(
  desired: DesiredResource,
  certificate: CertificateFacts | undefined,
  endsAbout: Instant | null,
  context: RenewalContext,
): Pick<Change, 'renewFrom' | 'renewBefore' | 'duration'> {
  const duration = durationOf(desired);
  if (desired.kind === 'ca') return { renewFrom: null, renewBefore: null, duration };
  if (endsAbout !== null) {
    const window = renewalWindow(desired.renewBefore, between(earlier(context.now, backdateOf(desired)), endsAbout));
    return { renewFrom: earlier(endsAbout, window), renewBefore: window, duration };
  }
  if (!certificate || Number.isNaN(lifetimeOf(certificate))) return { renewFrom: null, renewBefore: desired.renewBefore ?? null, duration };
  const { from, window } = renewalState(desired, certificate, context);
  return { renewFrom: from, renewBefore: window, duration };
}

/** What of a check's context renewals are judged by. */
export const renewalContext = ({ issuer, now, options: { machine } }: CheckContext): RenewalContext => ({ issuer, now, machine });

export function findRenewalDue(context: CheckContext): readonly Found[] {
  const certificate = certificateOf(context);
  const { view, now } = context;
  if (!certificate || view.desired.kind !== 'cert') return [];
  const { isDue, from } = renewalState(view.desired, certificate, renewalContext(context));
  if (!isDue) return [];
  const { overdue, ...due } = ageOf(from, certificate.notAfter, now);
  // Nobody has failed to renew what had to wait for its window until now.
  const age = overdue && hadItsChance(view.desired.windows ?? [], from, now) ? { ...due, overdue } : due;
  return [{ observed: formatInstant(certificate.notAfter), desired: formatInstant(from), ...age }];
}
