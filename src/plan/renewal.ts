/** When a leaf is due: inside its window, and only if renewing helps. */
import type { DesiredCertificate } from '../domain/desired-state.ts';
import type { CertificateFacts } from '../domain/observed-state.ts';
import { between, type Duration, earlier, formatInstant, type Instant, later } from '../domain/time.ts';
import { type CheckContext, certificateOf, type Found } from './check-context.ts';
import { backdateOf, durationOf } from './defaults.ts';
import type { IssuerOutcome } from './issuer-outcome.ts';
import { leastGain, lifetimeOf, renewalWindow, validityOf } from './validity.ts';

export interface RenewalState {
  readonly window: Duration;
  /** When the window opens. */
  readonly from: Instant;
  readonly isDue: boolean;
  /** Inside the window, but a new certificate would hardly end later: the issuer ends first. */
  readonly issuerEndsFirst: boolean;
}

/** Judged by the dates of the certificate on disk, not by those it was once asked for (a clipped one would else be due for ever). */
export function renewalState(
  desired: DesiredCertificate,
  certificate: CertificateFacts,
  issuer: IssuerOutcome | undefined,
  now: Instant,
): RenewalState {
  const window = renewalWindow(desired.renewBefore, lifetimeOf(certificate));
  const from = earlier(certificate.notAfter, window);
  const inWindow = validityOf(certificate, now) === 'valid' && now >= from;
  const wanted = later(now, durationOf(desired));
  const newEnd = issuer?.notAfter !== undefined && issuer.notAfter < wanted ? issuer.notAfter : wanted;
  const helps = newEnd >= later(certificate.notAfter, leastGain(window));
  return { window, from, isDue: inWindow && helps, issuerEndsFirst: inWindow && !helps };
}

/** The window of a certificate that is still to be issued, ending at `end`. */
export function issuedRenewal(desired: DesiredCertificate, end: Instant, now: Instant): Pick<RenewalState, 'window' | 'from'> {
  const window = renewalWindow(desired.renewBefore, between(earlier(now, backdateOf(desired)), end));
  return { window, from: earlier(end, window) };
}

export function findRenewalDue(context: CheckContext): readonly Found[] {
  const certificate = certificateOf(context);
  const { view, issuer, now } = context;
  if (!certificate || view.desired.kind !== 'cert') return [];
  const { isDue, from } = renewalState(view.desired, certificate, issuer, now);
  return isDue ? [{ observed: formatInstant(certificate.notAfter), desired: formatInstant(from) }] : [];
}
