import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

/** The program as it is shipped; `npm test` builds it first. */
export const program = resolve(import.meta.dirname, '../../dist/certstate.cjs');

export interface CommandResult {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs certstate as a user would, without a terminal and without the environment's own settings of it. */
export function runCertstate(...args: readonly string[]): CommandResult {
  const { CERTSTATE_FILE: _, FORCE_COLOR: __, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    encoding: 'utf8',
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return { exit: status, stdout, stderr };
}
