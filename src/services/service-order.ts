/** In which order services are told: each after those that its `after` names, the order of the YAML otherwise. */
import type { DesiredService } from '../domain/desired-state.ts';

/** Every service once; a cycle was refused by the parser. */
export function serviceOrder(services: readonly DesiredService[]): readonly DesiredService[] {
  const byName = new Map(services.map((service) => [service.name, service]));
  const ordered = new Set<DesiredService>();
  const visit = (service: DesiredService): void => {
    if (ordered.has(service)) return;
    for (const name of service.after) {
      const before = byName.get(name);
      if (before) visit(before);
    }
    ordered.add(service);
  };
  for (const service of services) visit(service);
  return [...ordered];
}
