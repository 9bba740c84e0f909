/** What is run for a service: the commands that the YAML names, and for a unit of systemd those that go without saying. */
import type { DesiredService } from './desired-state.ts';

export type ServiceVerb = 'activeIf' | 'test' | 'reload' | 'onTrustChange';

export interface ServiceCommand {
  readonly argv: readonly [string, ...string[]];
  /** Whom it is run as; absent: as we run. */
  readonly user?: string | undefined;
}

/** systemctl speaks to the manager of the system, and so is run as we run, whoever the unit runs as. A changed trust file is read only at a start. */
const ofUnit: Readonly<Record<ServiceVerb, ((unit: string) => readonly [string, ...string[]]) | undefined>> = {
  activeIf: (unit) => ['systemctl', 'is-active', '--quiet', '--', unit],
  test: undefined,
  reload: (unit) => ['systemctl', 'try-reload-or-restart', '--', unit],
  onTrustChange: (unit) => ['systemctl', 'try-restart', '--', unit],
};

/** Undefined where nothing is to be run. What the YAML names is taken in the place of what a unit would get. */
export function commandOf(service: DesiredService, verb: ServiceVerb): ServiceCommand | undefined {
  const [program, ...words] = service[verb] ?? [];
  if (program !== undefined) return { argv: [program, ...words], user: service.user };
  return service.systemd === undefined ? undefined : wordsFor(ofUnit[verb], service.systemd);
}

const wordsFor = (make: (typeof ofUnit)[ServiceVerb], unit: string): ServiceCommand | undefined => make && { argv: make(unit) };
