/** What is done for a service: the commands that the YAML names, and for a unit of systemd or a static pod what goes without saying. */
import type { DesiredService } from './desired-state.ts';

export type ServiceVerb = 'activeIf' | 'test' | 'reload' | 'onTrustChange';

export type ServiceCommand =
  | {
      readonly argv: readonly [string, ...string[]];
      readonly staticPod?: undefined;
      /** Whom it is run as; absent: as we run. */
      readonly user?: string | undefined;
    }
  | InStaticPod;

/** Done through crictl: looked for, or stopped, so that kubelet starts it again. As we run: the socket of the runtime is root's. */
export interface InStaticPod {
  readonly argv: readonly [];
  readonly staticPod: string;
}

type Verbs = Readonly<Record<ServiceVerb, ((name: string) => ServiceCommand) | undefined>>;

const inStaticPod = (name: string): InStaticPod => ({ argv: [], staticPod: name });

/** By the field that names it. A changed trust file is read only at a start. */
const kinds = {
  // systemctl speaks to the manager of the system, and so is run as we run, whoever the unit runs as.
  systemd: {
    activeIf: (unit) => ({ argv: ['systemctl', 'is-active', '--quiet', '--', unit] }),
    test: undefined,
    reload: (unit) => ({ argv: ['systemctl', 'try-reload-or-restart', '--', unit] }),
    onTrustChange: (unit) => ({ argv: ['systemctl', 'try-restart', '--', unit] }),
  },
  // A pod cannot be told to read its files again; it can only be started again.
  staticPod: { activeIf: inStaticPod, test: undefined, reload: inStaticPod, onTrustChange: inStaticPod },
} as const satisfies Partial<Record<keyof DesiredService, Verbs>>;

const kindNames = Object.keys(kinds) as readonly (keyof typeof kinds)[];

/** Undefined where nothing is to be done. What the YAML names is taken in the place of what goes without saying. */
export function commandOf(service: DesiredService, verb: ServiceVerb): ServiceCommand | undefined {
  const [program, ...words] = service[verb] ?? [];
  if (program !== undefined) return { argv: [program, ...words], user: service.user };
  const kind = kindNames.find((name) => service[name] !== undefined);
  const name = kind && service[kind];
  return kind === undefined || name === undefined ? undefined : (kinds[kind] as Verbs)[verb]?.(name);
}
