/** What a service shows to whoever connects: public facts, so that they may be printed, stored and sent. */
import { formatDay, type Instant } from './time.ts';

/**
 * Why it was not seen which certificate is served: nobody listens (`refused`), nobody answers (`timed-out`), the way there failed (`unreachable`),
 * what answers does not speak TLS (`not-tls`), does not begin it in the way it should (`no-starttls`), or broke it off (`handshake-failed`).
 */
export const probeFailures = ['refused', 'timed-out', 'unreachable', 'not-tls', 'no-starttls', 'handshake-failed'] as const;
export type ProbeFailure = (typeof probeFailures)[number];

export interface ServedCertificate {
  /** SHA-256 of the DER, lower-case hex. */
  readonly sha256: string;
  readonly subject: string;
  readonly serial: string;
  /** NaN where the date does not parse. */
  readonly notAfter: Instant;
}

export type Served =
  | { readonly state: 'served'; readonly endpoint: string; readonly at: Instant; readonly certificate: ServedCertificate }
  | { readonly state: 'failed'; readonly endpoint: string; readonly at: Instant; readonly failure: ProbeFailure; readonly cause: string };

/** What was seen, and where, in few words for a sentence. */
export function servedText(served: Served): string {
  if (served.state === 'failed') return `${served.endpoint}: ${served.cause}`;
  return `${served.endpoint} serves ${certificateText(served.certificate)}`;
}

/** By what a person tells two certificates of the same name apart. */
export const certificateText = ({ subject, serial, notAfter }: ServedCertificate): string =>
  `${subject === '' ? 'a certificate' : subject} with the serial number ${serial === '' ? 'unknown' : shortSerial(serial)}${Number.isNaN(notAfter) ? '' : `, until ${formatDay(notAfter)}`}`;

const shortSerial = (serial: string): string => (serial.length > 12 ? `${serial.slice(0, 12)}...` : serial);
