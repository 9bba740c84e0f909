/** What was said to services, line by line: the same voice as the lines about resources. */
import type { ServiceOutcome } from '../domain/service-outcome.ts';
import { formatInstant, type Instant } from '../domain/time.ts';
import { formatTook } from './apply-text.ts';
import { shellWords } from './shell-words.ts';
import { type Line, renderLine, type Style, type Tone, toned } from './style.ts';
import { padTo } from './text-width.ts';

// biome-ignore format: table
const results = {
  'done':      { word: 'done',      tone: 'good' },
  'skipped':   { word: 'skipped',   tone: 'dim' },
  'failed':    { word: 'FAILED',    tone: 'danger' },
  'held-back': { word: 'held back', tone: 'change' },
} as const satisfies Record<ServiceOutcome['result'], { word: string; tone: Tone }>;

const verbs = { reload: 'reload', 'trust-change': 'restart' } as const;

export interface ServiceTextContext {
  readonly style: Style;
  readonly terminal: boolean;
  readonly now: Instant;
  readonly addressColumns: number;
}

/** One line for a service, without its line feed. */
export function serviceLine(outcome: ServiceOutcome, { style, terminal, now, addressColumns }: ServiceTextContext): string {
  const { word, tone } = results[outcome.result];
  const address = `service/${outcome.service}`;
  const verb = verbs[outcome.when];
  const line: Line = terminal
    ? [`  ${padTo(address, addressColumns)}  ${padTo(verb, 7)}  `, toned(tone, padTo(word, 9)), ` ${saidOf(outcome)}`]
    : [`${formatInstant(now)} ${address} ${verb} ${word} ${saidOf(outcome)}`];
  return renderLine(line, style);
}

/** How long it took and what was run, or why not. */
function saidOf(outcome: ServiceOutcome): string {
  switch (outcome.result) {
    case 'done':
      return `${padTo(formatTook(outcome.milliseconds), 5)}  ${shellWords(outcome.argv)}`;
    case 'skipped':
      return outcome.because === 'not-active' ? 'it is not active' : 'the desired state has no command for it';
    case 'failed':
      return `${shellWords(outcome.argv)}: ${outcome.detail}${lastLine(outcome.output)}`;
    case 'held-back':
      return `service/${outcome.because} could not be told`;
  }
}

function lastLine(output: string): string {
  const line = output.trim().split('\n').at(-1)?.trim() ?? '';
  return line === '' ? '' : `: ${line}`;
}

const counted = (count: number): string => `${count} ${count === 1 ? 'service' : 'services'}`;

/** The closing sentence about services; undefined where there is nothing to say. */
export function servicesSummary(outcomes: readonly ServiceOutcome[]): string | undefined {
  const count = (result: ServiceOutcome['result']) => outcomes.filter((outcome) => outcome.result === result).length;
  const open = count('failed') + count('held-back');
  const told = count('done') > 0 ? `${counted(count('done'))} told.` : undefined;
  const left =
    open > 0
      ? `${counted(open)} could not be told: the files are right, and what runs may still use the old ones. certstate apply tries again.`
      : undefined;
  return told || left ? [told, left].filter(Boolean).join(' ') : undefined;
}
