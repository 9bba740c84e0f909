import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';

export interface Ran {
  /** Milliseconds from start to end of the process. */
  readonly ms: number;
  readonly stdout: string;
}

/** Runs a program to its end; throws where it does not end with 0, since a failure would be the fastest run of all. */
export function run(program: string, args: readonly string[], cwd?: string): Ran {
  const start = performance.now();
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    ...(cwd !== undefined && { cwd }),
  });
  const ms = performance.now() - start;
  if (status !== 0)
    throw new Error(`${program} ${args.join(' ')} ended with ${status ?? error?.message}\n${stdout.slice(-2000)}${stderr.slice(-2000)}`);
  return { ms, stdout };
}

export const runNode = (args: readonly string[]): Ran => run(process.execPath, args);

/** The most memory a Node program had, in megabytes, written by itself at its end. */
export function runNodeForMemory(args: readonly string[], folder: string): Ran & { readonly megabytes: number } {
  const note = join(folder, 'memory');
  const preload = `require('node:fs').writeFileSync(${JSON.stringify(note)}, String(process.resourceUsage().maxRSS / 1024))`;
  const script = join(folder, 'memory.cjs');
  writeFileSync(script, `process.on('exit', () => ${preload});`);
  const ran = runNode(['--require', script, ...args]);
  return { ...ran, megabytes: Number(readFileSync(note, 'utf8')) };
}
