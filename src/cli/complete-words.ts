/** What a TAB asks for: names out of the text alone, nothing of the host, and never an error. */
import { validateDesiredState } from '../reconcile/validate-desired-state.ts';
import { exitCodes } from './exit-codes.ts';
import type { Command } from './run.ts';
import { nowOf, scopeOf } from './scope.ts';

/** `certstate __complete addresses`: one address a line, those of other hosts that the files name among them. */
export const completeWords: Command = async (run) => {
  const request = { ...scopeOf(run), reader: run.outside.reader, now: nowOf(run) };
  const { state } = validateDesiredState(request, run.options.host === undefined);
  if (run.arguments[0] === 'addresses') run.terminal.out((state?.resources ?? []).map(({ address }) => `${address}\n`).join(''));
  return exitCodes.ok;
};
