import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

/** The program as it is shipped; `npm test` builds it first. */
export const program = resolve(import.meta.dirname, '../../dist/certstate.cjs');

export interface CommandResult {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Surroundings {
  /** Variables beside those of the tests themselves. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Programs and their arguments that start it: `setpriv --reuid 65534`, `sh -c 'umask 0; exec "$@"' sh`. */
  readonly under?: readonly string[];
}

/** What of the environment could change what certstate says is left out. */
export function plainEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !steering.test(name)));
}

/** Its own settings, what decides about colour, and what tells it that a pipeline reads along. */
const steering = /^(?:CERTSTATE_(?:FILE|NO_COLOR)|FORCE_COLOR|NO_COLOR|XDG_STATE_HOME|GITHUB_.*|CI_.*)$/;

/** Runs certstate as a user would, without a terminal and without the environment's own settings of it. */
export const runCertstate = (...args: readonly string[]): CommandResult => runCertstateIn({}, ...args);

/** The same, in other surroundings. */
export function runCertstateIn({ env = {}, cwd, under = [] }: Surroundings, ...args: readonly string[]): CommandResult {
  const [file, ...rest] = [...under, process.execPath, program, ...args] as [string, ...string[]];
  const { status, stdout, stderr, error } = spawnSync(file, rest, {
    encoding: 'utf8',
    env: { ...plainEnvironment(), ...env },
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 64 * 1024 * 1024,
  });
  if (error) throw error;
  return { exit: status, stdout, stderr };
}
