/** What services should serve: the certificates that are on disk now, each with its endpoint. */
import type { DesiredState } from '../domain/desired-state.ts';
import { formatSubject } from '../domain/subject.ts';
import { seconds } from '../domain/time.ts';
import { observe } from '../observe/observe.ts';
import { isProbed } from '../observe/observe-served.ts';
import { viewResource } from '../plan/resource-view.ts';
import type { Expected } from '../services/verify-served.ts';
import type { Environment, Scope } from './environment.ts';

export type ExpectedByService = ReadonlyMap<string, readonly Expected[]>;
export const nothingLooksAt: ExpectedByService = new Map();

/** How long after a reload the new certificate may take to be served, where the YAML does not say. */
const within = seconds(30);

/** Looks at the disk again: what was published since the plan was made is what counts. */
export async function servedExpectations(
  { reader, accounts, process, clock }: Environment,
  { root }: Scope,
  desired: DesiredState,
  services: ReadonlySet<string>,
): Promise<ExpectedByService> {
  const probed = desired.resources.filter(isProbed).filter((resource) => resource.services.some((name) => services.has(name)));
  if (probed.length === 0) return nothingLooksAt;
  const observed = await observe({ desired, reader, accounts, process, root, only: new Set(probed.map(({ address }) => address)) });
  const expected = new Map<string, Expected[]>();
  for (const resource of probed) {
    const { certificate } = viewResource(resource, observed, clock.now()).reference;
    if (certificate.state === 'absent') continue;
    const { sha256, subject, serial, notAfter } = certificate.facts;
    const one: Expected = {
      address: resource.address,
      endpoint: resource.probe.tls,
      onDisk: { sha256, subject: formatSubject(subject), serial, notAfter },
      milliseconds: (resource.probe.within ?? within) * 1000,
    };
    for (const name of resource.services) expected.set(name, [...(expected.get(name) ?? []), one]);
  }
  return expected;
}
