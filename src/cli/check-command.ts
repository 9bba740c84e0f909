import { formatInstant, type Instant } from '../domain/time.ts';
import { type VerdictLine, verdictOf } from '../plan/verdict.ts';
import { blockSentence } from '../report/block-sentences.ts';
import { type CheckLine, checkText } from '../report/check-text.ts';
import { placeJson } from '../report/diagnostic-json.ts';
import { differenceSentence } from '../report/difference-sentences.ts';
import { findingSentence } from '../report/finding-sentences.ts';
import { exitCodes } from './exit-codes.ts';
import { planned } from './planned.ts';
import type { Command } from './run.ts';
import { tool } from './tool.ts';

/** `certstate check`: the verdict on this host. Exit code 2 if anything is expired, drifted or insecure. */
export const checkCommand: Command = async (run) => {
  const result = await planned(run, 'nothing was checked');
  if ('exit' in result) return result.exit;
  const { plan } = result.pass;
  const lines = verdictOf(plan).map((line): CheckLine => ({ ...line, sentence: sentenceOf(line, plan.evaluatedAt) }));
  if (run.options.json) {
    const findings = lines.map(({ change, code, failClass, fails, sentence }) => ({
      address: change.address,
      code,
      class: failClass,
      fails,
      message: sentence,
      where: placeJson(change.place),
    }));
    run.terminal.out(
      `${JSON.stringify({ format: 'certstate.check', format_version: '1.0', tool, evaluated_at: formatInstant(plan.evaluatedAt), total: plan.changes.length, findings }, null, 2)}\n`,
    );
  } else {
    run.terminal.out(checkText(lines, plan.changes.length, { style: run.terminal.outStyle, now: plan.evaluatedAt }));
  }
  return lines.some(({ fails }) => fails) ? exitCodes.changes : exitCodes.ok;
};

function sentenceOf({ change, about }: VerdictLine, now: Instant): string {
  if ('difference' in about) return differenceSentence(about.difference, { change, now });
  return 'finding' in about ? findingSentence(about.finding, change, now) : blockSentence(about.blocked, change);
}
