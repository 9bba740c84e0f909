/** What a TAB asks for: names out of the text alone, nothing of the host, and never an error. */
import { codes } from '../domain/codes.ts';
import { loadDesiredState } from '../reconcile/load-desired-state.ts';
import { exitCodes } from './exit-codes.ts';
import type { Command } from './run.ts';
import { nowOf, scopeOf } from './scope.ts';

/** `certstate __complete addresses|codes`: one word a line. */
export const completeWords: Command = async (run) => {
  const [what] = run.arguments;
  const words = what === 'codes' ? Object.keys(codes) : what === 'addresses' ? addresses(run) : [];
  run.terminal.out(words.map((word) => `${word}\n`).join(''));
  return exitCodes.ok;
};

function addresses(run: Parameters<Command>[0]): readonly string[] {
  const { state } = loadDesiredState({ ...scopeOf(run), reader: run.outside.reader, now: nowOf(run) });
  return state?.resources.map(({ address }) => address) ?? [];
}
