/** Looks at what is served where certificates have a probe: each endpoint once, several at a time. */
import { createHash } from 'node:crypto';
import type { DesiredCertificate, DesiredProbe, DesiredResource } from '../domain/desired-state.ts';
import type { Address } from '../domain/names.ts';
import type { Served, ServedCertificate } from '../domain/served.ts';
import { formatSubject } from '../domain/subject.ts';
import { type Instant, instantOf } from '../domain/time.ts';
import type { TlsAnswer, TlsEndpoint, TlsProbe } from '../ports/tls-probe.ts';
import { readCertificate } from '../x509/read-certificate.ts';

export interface ServedRequest {
  readonly resources: readonly DesiredResource[];
  readonly probe: TlsProbe;
  readonly now: () => Instant;
  readonly signal?: AbortSignal | undefined;
}

/** A handshake takes milliseconds; who has not answered by then is called unreachable. */
const patience = 3000;
/** Connections at a time: many services of one host, and no more descriptors than anybody has. */
const mostAtOnce = 16;

export type ProbedCertificate = DesiredCertificate & { readonly probe: DesiredProbe };
export const isProbed = (resource: DesiredResource): resource is ProbedCertificate =>
  resource.kind === 'cert' && resource.probe !== undefined;

/** By address of every certificate with a probe. Certificates with the same endpoint share one connection. Rejects for bugs only. */
export async function observeServed({ resources, probe, now, signal }: ServedRequest): Promise<ReadonlyMap<Address, Served>> {
  const byEndpoint = new Map<string, ProbedCertificate[]>();
  for (const resource of resources.filter(isProbed)) {
    const { tls, serverName, starttls } = resource.probe;
    const key = JSON.stringify([tls, serverName, starttls]);
    const known = byEndpoint.get(key);
    if (known) known.push(resource);
    else byEndpoint.set(key, [resource]);
  }
  const served = new Map<Address, Served>();
  const waiting = [...byEndpoint.values()];
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { probe: where } = next[0] as ProbedCertificate;
      const seen = servedBy(where.tls, await probe.look(endpointOf(where), patience, signal), now());
      for (const { address } of next) served.set(address, seen);
    }
  };
  await Promise.all(Array.from({ length: Math.min(mostAtOnce, waiting.length) }, lane));
  return served;
}

/** `host:port` or `[address]:port`, as the parser has judged it. */
function endpointOf({ tls, serverName, starttls }: DesiredProbe): TlsEndpoint {
  const colon = tls.lastIndexOf(':');
  return { host: tls.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(tls.slice(colon + 1)), serverName, starttls };
}

function servedBy(endpoint: string, answer: TlsAnswer, at: Instant): Served {
  if (answer.state === 'failed') return { ...answer, endpoint, at };
  return { state: 'served', endpoint, at, certificate: summaryOf(answer.chain[0]) };
}

/** What cannot be read as a certificate is known by its hash alone: it is not ours. */
function summaryOf(der: Uint8Array): ServedCertificate {
  const reading = readCertificate(der);
  if (!reading.ok)
    return { sha256: createHash('sha256').update(der).digest('hex'), subject: '', serial: '', notAfter: instantOf(Number.NaN) };
  const { sha256, subject, serial, notAfter } = reading.facts;
  return { sha256, subject: formatSubject(subject), serial, notAfter };
}
