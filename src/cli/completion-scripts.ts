/** The completion scripts by shell, made from the tables of commands and flags. */
import { bashCompletion } from './completion-bash.ts';
import { fishCompletion } from './completion-fish.ts';
import { zshCompletion } from './completion-zsh.ts';

const scripts = {
  bash: { file: 'certstate.bash', text: bashCompletion },
  zsh: { file: '_certstate', text: zshCompletion },
  fish: { file: 'certstate.fish', text: fishCompletion },
} as const;

export type Shell = keyof typeof scripts;
export const shells = Object.keys(scripts) as readonly Shell[];

export const completionScript = (shell: Shell): string => scripts[shell].text();
/** The name that the shell looks for. */
export const completionFile = (shell: Shell): string => scripts[shell].file;
