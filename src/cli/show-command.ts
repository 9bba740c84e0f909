import { nearest } from '../domain/names.ts';
import { changeJson } from '../report/change-json.ts';
import { showText } from '../report/show-text.ts';
import { exitCodes } from './exit-codes.ts';
import { planned } from './planned.ts';
import type { Command } from './run.ts';
import { UsageError } from './usage-error.ts';

/** `certstate show ADDRESS`: one resource in full. */
export const showCommand: Command = async (run) => {
  const result = await planned(run, 'nothing was looked at');
  if ('exit' in result) return result.exit;
  const { plan, desired, observed, options: planOptions } = result.pass;
  const { options, terminal } = run;
  const [address = ''] = run.arguments;
  const change = plan.changes.find((candidate) => candidate.address === address);
  if (!change) {
    const meant = nearest(
      address,
      plan.changes.map((candidate) => candidate.address),
    );
    throw new UsageError(
      `nothing in the desired state has the address ${address}`,
      meant ? `did you mean ${meant}?` : 'addresses are ca/NAME and cert/NAME; certstate status lists them',
    );
  }
  if (options.json) terminal.out(`${JSON.stringify(changeJson(change, plan.evaluatedAt, { observed }), null, 2)}\n`);
  else terminal.out(showText(change, plan, { desired, observed, style: terminal.outStyle, options: planOptions, show: { all: true } }));
  return exitCodes.ok;
};
