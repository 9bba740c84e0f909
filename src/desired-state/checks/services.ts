/** Services that are named must be there, and their order must have a beginning. */
import type { Report } from '../problem.ts';
import { checkKnown } from './known-names.ts';
import type { Whole } from './whole.ts';

type Service = Whole['services'] extends ReadonlyMap<string, infer Value> ? Value : never;

export function checkServices(whole: Whole): void {
  for (const { reading, report } of whole.resources) {
    for (const list of [reading.values.services, reading.values.trustedBy]) checkKnown(whole, 'services', list?.value ?? [], report);
  }
  for (const { reading, report } of whole.services.values()) {
    checkKnown(whole, 'services', reading.values.after?.value ?? [], report);
    checkKind(reading.values, report);
  }
  checkCycles(whole.services);
}

function checkKind({ systemd, staticPod }: Service['reading']['values'], report: Report): void {
  if (!systemd || !staticPod) return;
  report({
    code: 'conflicting-fields',
    place: staticPod.place,
    message: 'a service is a unit of systemd or a static pod, not both',
    hint: 'keep one of the two',
    label: 'a static pod',
    related: [{ message: 'the unit', place: systemd.place }],
  });
}

/** What is left when every service whose predecessors are all gone has been taken away, again and again, waits for itself. */
function checkCycles(services: Whole['services']): void {
  const waitsFor = new Map(
    [...services].map(([name, service]) => [
      name,
      new Set(service.reading.values.after?.value.map(({ value }) => value).filter((other) => services.has(other))),
    ]),
  );
  const followers = new Map<string, string[]>();
  for (const [name, before] of waitsFor) for (const other of before) followers.set(other, [...(followers.get(other) ?? []), name]);
  const free = [...waitsFor].flatMap(([name, before]) => (before.size === 0 ? [name] : []));
  for (let name = free.pop(); name !== undefined; name = free.pop()) {
    waitsFor.delete(name);
    for (const follower of followers.get(name) ?? []) {
      waitsFor.get(follower)?.delete(name);
      if (waitsFor.get(follower)?.size === 0) free.push(follower);
    }
  }
  const path = new Set<string>();
  let [next] = waitsFor.keys();
  while (next !== undefined && !path.has(next)) {
    path.add(next);
    [next] = waitsFor.get(next) ?? [];
  }
  if (next === undefined) return;
  const cycle = [...path].slice([...path].indexOf(next));
  reportCycle(services.get(cycle.at(-1) as string) as Service, cycle, next);
}

function reportCycle({ reading, place, report }: Service, cycle: readonly string[], first: string): void {
  const after = reading.values.after?.value.find(({ value }) => value === first);
  report({
    code: 'service-cycle',
    place: after?.place ?? place,
    message: `the services ${[...cycle, first].join(' → ')} wait for one another`,
    hint: 'remove one of the names under after',
    label: 'closes a cycle',
  });
}
