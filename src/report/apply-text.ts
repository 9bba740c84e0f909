/** What apply says while it works: aligned lines on a terminal, self-contained ones in a pipeline or a journal. */
import type { ApplyEvent, ResourceOutcome } from '../domain/outcome.ts';
import { formatDay, formatInstant, type Instant } from '../domain/time.ts';
import { blockSentence } from './block-sentences.ts';
import { type Line, renderLine, type Style, type Tone, toned } from './style.ts';
import { padTo } from './text-width.ts';

export interface ApplyTextContext {
  readonly style: Style;
  /** Aligned lines for a person; without, one line of `key=value` per event, with its time in front. */
  readonly terminal: boolean;
  /** The moment of the event. */
  readonly now: Instant;
  /** Width of the longest address, so that all lines of a run are aligned. */
  readonly addressColumns: number;
}

/** `2.3s`, `0.2s`, `80s`. */
export const formatTook = (milliseconds: number): string =>
  milliseconds < 60_000 ? `${(milliseconds / 1000).toFixed(1)}s` : `${Math.round(milliseconds / 1000)}s`;

/** One line for an event, without its line feed; undefined where there is nothing to say. `progress` on a terminal is the live line, drawn over. */
export function applyEventLine(event: ApplyEvent, context: ApplyTextContext): string | undefined {
  if (event.type === 'start') return undefined;
  const line = context.terminal ? terminalLine(event, context) : pipelineLine(event, context.now);
  return renderLine(line, context.style);
}

// biome-ignore format: table
const results = {
  'done':      { word: 'done',      tone: 'good' },
  'failed':    { word: 'FAILED',    tone: 'danger' },
  'held-back': { word: 'held',      tone: 'change' },
  'blocked':   { word: 'blocked',   tone: 'change' },
} as const satisfies Record<ResourceOutcome['result'], { word: string; tone: Tone }>;

function terminalLine(event: Exclude<ApplyEvent, { type: 'start' }>, { addressColumns }: ApplyTextContext): Line {
  const subject = event.type === 'end' ? event.outcome : event;
  const lead = `  ${padTo(subject.address, addressColumns)}  ${padTo(subject.action, 7)}  `;
  if (event.type === 'progress') return [lead, padTo('...', 9), `${event.doing}, ${formatTook(event.milliseconds)}`];
  const { word, tone } = results[event.outcome.result];
  const said = outcomeText(event.outcome);
  return [lead, toned(tone, said === '' ? word : padTo(word, 9)), said];
}

/** What came of it, beside the word: how long it took and until when it is good, or why not. */
function outcomeText(outcome: ResourceOutcome): string {
  switch (outcome.result) {
    case 'done':
      return [
        padTo(formatTook(outcome.milliseconds), 5),
        ...(outcome.published ? [`expires ${formatDay(outcome.published.notAfter)}`] : []),
      ]
        .join('  ')
        .trimEnd();
    case 'failed':
      return outcome.diagnostic.message;
    case 'held-back':
      return heldBackText(outcome.because);
    case 'blocked':
      return outcome.change.blocked ? blockSentence(outcome.change.blocked, outcome.change) : '';
  }
}

export const heldBackText = (because: Extract<ResourceOutcome, { result: 'held-back' }>['because']): string =>
  because === 'interrupted' ? 'interrupted before its turn' : `${because} did not succeed`;

/** `2026-11-23T16:31:02Z ca/etcd create done expires=2036-11-20 took=2.3s`. */
function pipelineLine(event: Exclude<ApplyEvent, { type: 'start' }>, now: Instant): Line {
  const subject = event.type === 'end' ? event.outcome : event;
  const lead = `${formatInstant(now)} ${subject.address} ${subject.action}`;
  if (event.type === 'progress') return [`${lead} still ${event.doing} ... ${formatTook(event.milliseconds)}`];
  const { outcome } = event;
  switch (outcome.result) {
    case 'done':
      return [
        `${lead} done${outcome.published ? ` expires=${formatDay(outcome.published.notAfter)}` : ''} took=${formatTook(outcome.milliseconds)}`,
      ];
    case 'failed':
      return [`${lead} failed code=${outcome.diagnostic.code}`];
    case 'held-back':
      return [`${lead} held-back because=${outcome.because}`];
    case 'blocked':
      return [`${lead} blocked code=${outcome.change.blocked?.code ?? 'unknown'}`];
  }
}
