import type { Telling } from '../domain/telling.ts';

/** How a service is told, in a few words. */
export const tellingText = ({ argv, staticPod }: Telling): string =>
  staticPod === undefined ? shellWords(argv) : `restart static pod ${staticPod}`;

/** The same for a plan, where it is still to be done: nobody is to take the restart of a pod for a command line. */
export const toRunText = (telling: Telling): string =>
  telling.staticPod === undefined ? `run: ${tellingText(telling)}` : tellingText(telling);

/** An argument list as a shell would read it back: for showing and copying, never for running. */
export const shellWords = (argv: readonly string[]): string =>
  argv.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ');
