/** Looks at a service until it serves what is on disk, or its time is over. */
import type { Address } from '../domain/names.ts';
import type { Served, ServedCertificate } from '../domain/served.ts';
import type { NotServed } from '../domain/service-outcome.ts';
import type { Clock, Pause } from '../ports/clock.ts';

/** A certificate on disk, and where the service should serve it. */
export interface Expected {
  readonly address: Address;
  readonly endpoint: string;
  readonly onDisk: ServedCertificate;
  /** How long after a reload it may take. */
  readonly milliseconds: number;
}

export interface Looking {
  /** One look at these, by address. */
  readonly look: (addresses: readonly Address[]) => Promise<ReadonlyMap<Address, Served>>;
  readonly clock: Pick<Clock, 'elapsed'>;
  readonly pause: Pause;
  readonly signal: AbortSignal;
}

/** Between two looks: short at first, since most services are done in a moment. */
const pauses = [50, 100, 250, 500];
const longestPause = 1000;

/**
 * What is not served when the time is over; empty as soon as all of it is. Each has its own time, and is not looked at again once it was seen.
 * @param patient false: one look decides.
 */
export async function notServed(expected: readonly Expected[], looking: Looking, patient: boolean): Promise<readonly NotServed[]> {
  const { look, clock, pause, signal } = looking;
  const start = clock.elapsed();
  const late: NotServed[] = [];
  let open = expected;
  for (let turn = 0; open.length > 0; turn += 1) {
    const seen = await look(open.map(({ address }) => address));
    const missing = open.flatMap((one) => {
      const served = seen.get(one.address);
      return served === undefined || isServed(served, one.onDisk) ? [] : [{ ...one, served }];
    });
    const over = clock.elapsed() - start;
    const isLate = ({ milliseconds }: Expected): boolean => !patient || signal.aborted || over >= milliseconds;
    late.push(...missing.filter(isLate));
    open = missing.filter((one) => !isLate(one));
    const rest = Math.min(...open.map(({ milliseconds }) => milliseconds - over));
    if (open.length > 0) await pause(Math.min(pauses[turn] ?? longestPause, rest), signal);
  }
  return late.map(({ address, onDisk, served }) => ({ address, onDisk, served }));
}

const isServed = (served: Served, { sha256 }: ServedCertificate): boolean =>
  served.state === 'served' && served.certificate.sha256 === sha256;
