/** Judging text alone: a file that is for other hosts is judged as each of them would read it. */

import type { Parsed } from '../desired-state/parse-desired-state.ts';
import type { DesiredState } from '../domain/desired-state.ts';
import type { Diagnostic } from '../domain/diagnostic.ts';
import { type LoadRequest, loadDesiredState } from './load-desired-state.ts';

/**
 * The desired state for the given host if one was asked for; else for this host and for every host that the files name, each problem said once.
 * The state that comes back holds what any of them has.
 */
export function validateDesiredState(request: LoadRequest, anyHost: boolean): Parsed {
  const first = loadDesiredState(request);
  if (!anyHost || first.hosts.length === 0) return first;
  const all = first.hosts.map((host) => loadDesiredState({ ...request, host, passOver: true }));
  const diagnostics = new Map<string, Diagnostic>(
    all.flatMap((parsed) => parsed.diagnostics).map((diagnostic) => [JSON.stringify(diagnostic), diagnostic]),
  );
  const states = all.flatMap(({ state }) => state ?? []);
  return { ...first, diagnostics: [...diagnostics.values()], state: states.length === all.length ? together(states) : undefined };
}

function together(states: readonly DesiredState[]): DesiredState | undefined {
  const [first] = states;
  if (!first) return undefined;
  const resources = new Map(states.flatMap((state) => state.resources).map((resource) => [resource.address, resource]));
  const services = new Map(states.flatMap((state) => state.services).map((service) => [service.name, service]));
  return { ...first, resources: [...resources.values()], services: [...services.values()] };
}
