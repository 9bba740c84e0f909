/** Which process somebody is: a number alone is given to another one sooner or later. */
import { readFileSync, readlinkSync } from 'node:fs';

export interface ProcessIdentity {
  readonly pid: number;
  /** When it began, in ticks since the machine started (proc(5), field 22 of stat). */
  readonly start: string;
  /** Random at every start of the machine; all containers on it see the same. */
  readonly boot: string;
  /** The process numbers of one namespace say nothing in another. */
  readonly namespace: string;
}

/** Throws where /proc is not mounted. */
export function ownIdentity(): ProcessIdentity {
  return { pid: process.pid, start: startOf('self') as string, boot: bootId(), namespace: readlinkSync('/proc/self/ns/pid') };
}

/** `gone` only where that is certain: the machine was started again since, or its number is free or has another process by now. */
export function whereabouts({ pid, start, boot, namespace }: ProcessIdentity, own = ownIdentity()): 'here' | 'gone' | 'elsewhere' {
  if (boot !== own.boot) return 'gone';
  if (namespace !== own.namespace) return 'elsewhere';
  return startOf(`${pid}`) === start ? 'here' : 'gone';
}

const bootId = (): string => readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();

/** Undefined where there is no such process. The second field is its name, in brackets, and may hold anything, brackets included. */
function startOf(pid: string): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return undefined;
    throw error;
  }
}
