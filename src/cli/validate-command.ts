import { validateDesiredState } from '../reconcile/validate-desired-state.ts';
import { validText } from '../report/valid-text.ts';
import { diagnosticsJson } from '../report/validate-json.ts';
import { exitCodes } from './exit-codes.ts';
import { refuse, warn } from './refusals.ts';
import type { Command } from './run.ts';
import { nowOf, scopeOf } from './scope.ts';
import { tool } from './tool.ts';

/** `certstate validate [FILE...]`: judges text only; no key and no certificate is looked at. */
export const validateCommand: Command = async (run) => {
  const scope = scopeOf(run, run.arguments.length > 0 ? run.arguments : run.options.file);
  const { state, diagnostics, texts } = validateDesiredState({ ...scope, ...run.outside, now: nowOf(run) }, run.options.host === undefined);
  if (!state) return refuse(run, diagnostics, texts, 'nothing else was looked at');
  warn(run, diagnostics, texts);
  run.terminal.out(
    run.options.json
      ? `${JSON.stringify(diagnosticsJson(diagnostics, { tool, files: [...texts.keys()], resources: state.resources.length }), null, 2)}\n`
      : validText(state),
  );
  return exitCodes.ok;
};
