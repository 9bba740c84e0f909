/** Each command is loaded only when it is run: `validate` never pays for the room that knows certificates. */
import type { CommandName } from './command-table.ts';
import type { Command } from './run.ts';

/** What completion scripts ask; not for people, and so in no table. */
export const completing = '__complete';

export const commandLoaders: Readonly<Record<CommandName | typeof completing, () => Promise<Command>>> = {
  plan: async () => (await import('./plan-command.ts')).planCommand,
  apply: async () => (await import('./apply-command.ts')).applyCommand,
  renew: async () => (await import('./renew-command.ts')).renewCommand,
  watch: async () => (await import('./watch-command.ts')).watchCommand,
  check: async () => (await import('./check-command.ts')).checkCommand,
  status: async () => (await import('./status-command.ts')).statusCommand,
  validate: async () => (await import('./validate-command.ts')).validateCommand,
  show: async () => (await import('./show-command.ts')).showCommand,
  restore: async () => (await import('./restore-command.ts')).restoreCommand,
  hold: async () => (await import('./hold-command.ts')).holdCommand,
  release: async () => (await import('./release-command.ts')).releaseCommand,
  history: async () => (await import('./history-command.ts')).historyCommand,
  explain: async () => (await import('./explain-command.ts')).explainCommand,
  schema: async () => (await import('./schema-command.ts')).schemaCommand,
  completion: async () => (await import('./completion-command.ts')).completionCommand,
  [completing]: async () => (await import('./complete-words.ts')).completeWords,
};
