import type { Instant } from '../domain/time.ts';
import { type VerdictLine, verdictOf } from '../plan/verdict.ts';
import { blockSentence } from '../report/block-sentences.ts';
import { checkJson } from '../report/check-json.ts';
import { type CheckLine, checkText } from '../report/check-text.ts';
import { differenceSentence } from '../report/difference-sentences.ts';
import { findingPhrase, findingSentence } from '../report/finding-sentences.ts';
import { exitCodes } from './exit-codes.ts';
import { planned } from './planned.ts';
import type { Command } from './run.ts';
import { tool } from './tool.ts';

/** `certstate check`: the verdict on this host. Exit code 2 if anything is expired, drifted or insecure. */
export const checkCommand: Command = async (run) => {
  const result = await planned(run, 'nothing was checked');
  if ('exit' in result) return result.exit;
  const { plan } = result.pass;
  const lines = verdictOf(plan).map((line): CheckLine => ({ ...line, ...wordsOf(line, plan.evaluatedAt) }));
  const total = plan.changes.length;
  const { terminal, options } = run;
  if (options.json) terminal.out(`${JSON.stringify(checkJson(lines, { tool, evaluatedAt: plan.evaluatedAt, total }), null, 2)}\n`);
  else terminal.out(checkText(lines, total, { style: terminal.outStyle, now: plan.evaluatedAt }));
  return lines.some(({ fails }) => fails) ? exitCodes.changes : exitCodes.ok;
};

function wordsOf({ change, about }: VerdictLine, now: Instant): Pick<CheckLine, 'sentence' | 'phrase'> {
  if ('finding' in about)
    return { sentence: findingSentence(about.finding, change, now), phrase: findingPhrase(about.finding, change, now) };
  const sentence = 'difference' in about ? differenceSentence(about.difference, { change, now }) : blockSentence(about.blocked, change);
  return { sentence, phrase: sentence };
}
