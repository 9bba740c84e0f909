import { unmanagedNeighbours } from '../observe/neighbours.ts';
import { expiryNote } from '../report/relative-time.ts';
import { statusJson } from '../report/status-json.ts';
import { statusPlain, statusText } from '../report/status-text.ts';
import { exitCodes } from './exit-codes.ts';
import { planned } from './planned.ts';
import type { Command } from './run.ts';
import { tool } from './tool.ts';

/** `certstate status`: every managed key and certificate with its dates; a list, not a verdict. */
export const statusCommand: Command = async (run) => {
  const result = await planned(run, 'nothing was looked at');
  if ('exit' in result) return result.exit;
  const { plan, desired, observed } = result.pass;
  const { options, terminal } = run;
  const unmanaged = unmanagedNeighbours(desired, run.outside.reader).map(({ path, certificate }) => ({
    path,
    note: expiryNote(certificate.notAfter, plan.evaluatedAt),
  }));
  const context = { desired, observed, options: result.pass.options, style: terminal.outStyle, unmanaged };
  if (options.json) terminal.out(`${JSON.stringify(statusJson(plan, { ...context, tool }), null, 2)}\n`);
  else terminal.out(options.plain ? statusPlain(plan, context) : statusText(plan, context));
  return exitCodes.ok;
};
