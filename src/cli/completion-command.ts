import { completionScript, shells } from './completion-scripts.ts';
import { exitCodes } from './exit-codes.ts';
import type { Command } from './run.ts';
import { UsageError } from './usage-error.ts';

/** `certstate completion bash|zsh|fish`: a static script; only addresses ask certstate again. */
export const completionCommand: Command = async ({ arguments: [wanted = ''], options, terminal }) => {
  if (options.json) throw new UsageError('a completion is a script, and has no form as JSON', 'leave --json out');
  const shell = shells.find((name) => name === wanted);
  if (!shell) throw new UsageError(`there is no completion for ${wanted}`, `it can be ${shells.join(', ')}`);
  terminal.out(completionScript(shell));
  return exitCodes.ok;
};
