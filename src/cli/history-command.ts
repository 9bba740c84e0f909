import { readHistory } from '../reconcile/history.ts';
import { diagnosticText } from '../report/diagnostic-text.ts';
import { historyJson } from '../report/history-json.ts';
import { historyText } from '../report/history-text.ts';
import { jsonText } from '../report/json-text.ts';
import { exitCodes } from './exit-codes.ts';
import type { Command } from './run.ts';
import { scopeOf } from './scope.ts';
import { tool } from './tool.ts';

/** `certstate history [ADDRESS]`: what was put in place, when, why, and by which plan. Reads the ledger and nothing else. */
export const historyCommand: Command = async (run) => {
  const { terminal, options, outside } = run;
  const [pattern] = run.arguments;
  const { lines, diagnostics } = readHistory(outside.reader, scopeOf(run).stateFolder, pattern);
  const failed = diagnostics.some(({ severity }) => severity === 'error');
  if (options.json) terminal.out(jsonText(historyJson(lines, diagnostics, tool)));
  else {
    if (diagnostics.length > 0) terminal.err(diagnosticText(diagnostics, { style: terminal.errStyle, texts: new Map() }));
    if (!failed) terminal.out(historyText(lines, terminal.outStyle, pattern));
  }
  return failed ? exitCodes.error : exitCodes.ok;
};
