import { posix } from 'node:path';
import type { Command, Run } from './run.ts';

/** `certstate validate [FILE...]`, with `--no-keys` a search that needs no YAML: it runs over every file of a commit. */
export const validateCommand: Command = async (run) => {
  const named = shownPaths(run);
  return run.options.keys === false
    ? (await import('./no-keys.ts')).refuseKeys(run, named)
    : (await import('./validate-text.ts')).validateTexts(run, named);
};

/** The arguments as they are read and shown: from here on if they lie below, so that an annotation finds its line. */
function shownPaths({ arguments: given, workingFolder }: Run): readonly string[] {
  return [...new Set(given)].map((path) => {
    const relative = posix.relative(workingFolder, posix.resolve(workingFolder, path)) || '.';
    return path.startsWith('/') && relative.startsWith('../') ? path : relative;
  });
}
