/** The system calls by which a run changes the disk, and runs in which one of them is disturbed (strace's `inject`). */
import { readFileSync } from 'node:fs';
import { programPath } from './needs.ts';

/** Every name under which a change can reach the kernel; on other machines than x86 some have only the `at` form. */
export const changingCalls = [
  'mkdir',
  'mkdirat',
  'openat',
  'write',
  'fsync',
  'link',
  'linkat',
  'rename',
  'renameat',
  'renameat2',
  'unlink',
  'unlinkat',
  'rmdir',
] as const;
export type CallName = (typeof changingCalls)[number];

/** One call of the main thread. */
export interface Call {
  readonly name: CallName;
  /** The how-manieth of its name, from 1: what `when=` counts. */
  readonly nth: number;
  readonly text: string;
  /** Whether it changes files below the root: not opening to read, nor writing to a pipe. */
  readonly changes: boolean;
}

const strace = (log: string, ...expressions: readonly string[]): readonly string[] => [
  programPath('strace') ?? 'strace',
  '-f',
  '-y',
  '-s',
  '0',
  '-o',
  log,
  ...expressions.flatMap((expression) => ['-e', expression]),
];

/** Words to put before a program, so that its calls are noted in a file. */
export const noting = (log: string): readonly string[] => strace(log, `trace=${changingCalls.join(',')}`);

/** The same, where the nth call of a name is not carried out: a signal comes instead, or an error. */
export const disturbing = (log: string, name: CallName, nth: number | string, how: string): readonly string[] =>
  strace(log, `trace=${name}`, `inject=${name}:${how}:when=${nth}`);

/** The calls of the main thread, which is the first to make one. Throws where another thread changes files: their order would be left to chance. */
export function callsIn(log: string, root: string): readonly Call[] {
  const lines = readFileSync(log, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, thread = '', name = ''] = /^(\d+)\s+(\w+)\(/.exec(line) ?? [];
      return isChangingCall(name) ? [{ thread, name, text: line }] : [];
    });
  const main = lines[0]?.thread;
  const elsewhere = lines.find(({ thread, name, text }) => thread !== main && changes(name, text, root));
  if (elsewhere) throw new Error(`another thread changes files: ${elsewhere.text}`);
  const counts = new Map<string, number>();
  return lines
    .filter(({ thread }) => thread === main)
    .map(({ name, text }) => {
      const nth = (counts.get(name) ?? 0) + 1;
      counts.set(name, nth);
      return { name, nth, text, changes: changes(name, text, root) };
    });
}

/** The call that met the signal: the last that was begun. */
export const lastCallIn = (log: string): string =>
  readFileSync(log, 'utf8')
    .split('\n')
    .findLast((line) => /^\d+\s+\w+\(/.test(line)) ?? '';

/** Whether a call that was made to fail would have changed files: what is written to a terminal, and when, is not the same in every run. */
export const failedAChange = (log: string, name: CallName, root: string): boolean =>
  readFileSync(log, 'utf8')
    .split('\n')
    .some((line) => line.includes('(INJECTED)') && changes(name, line, root));

const isChangingCall = (name: string): name is CallName => (changingCalls as readonly string[]).includes(name);

function changes(name: CallName, text: string, root: string): boolean {
  if (name === 'openat') return text.includes('O_CREAT');
  return name !== 'write' || new RegExp(`write\\(\\d+<${root}/`).test(text);
}
