/** What a failed system call says, in words: `permission denied (EACCES)`. Never a stack, never a path: the caller names the path. */
import { getSystemErrorMap } from 'node:util';

const words: ReadonlyMap<number, readonly [string, string]> = getSystemErrorMap();

/** The code of an error that a call of node:fs threw; undefined for anything else, which is a bug and to be thrown on. */
export function errnoCode(error: unknown): string | undefined {
  return error instanceof Error && 'errno' in error && 'code' in error ? String(error.code) : undefined;
}

export function errnoWords(error: unknown): string {
  const code = errnoCode(error);
  if (code === undefined) throw error;
  const known = words.get((error as NodeJS.ErrnoException).errno as number);
  return known ? `${known[1]} (${code})` : code;
}
