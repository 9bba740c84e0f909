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
  const { CERTSTATE_FILE: _, CERTSTATE_NO_COLOR: _noColour, FORCE_COLOR: __, NO_COLOR: ___, XDG_STATE_HOME: ____, ...env } = process.env;
  return env;
}

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
