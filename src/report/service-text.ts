/** What was said to services, and what they were then seen to serve, line by line: the same voice as the lines about resources. */
import { certificateText, servedText } from '../domain/served.ts';
import type { NotServed, ServiceOutcome } from '../domain/service-outcome.ts';
import { formatInstant, type Instant } from '../domain/time.ts';
import { formatTook } from './apply-text.ts';
import { tellingText } from './shell-words.ts';
import { type Line, renderLine, type Style, type Tone, toned } from './style.ts';
import { padTo } from './text-width.ts';

// biome-ignore format: table
const results = {
  'served':      { word: 'served',     tone: 'good' },
  'unverified':  { word: 'unverified', tone: 'good' },
  'stale':       { word: 'STALE',      tone: 'danger' },
  'unreachable': { word: 'UNSEEN',     tone: 'danger' },
  'skipped':     { word: 'skipped',    tone: 'dim' },
  'failed':      { word: 'FAILED',     tone: 'danger' },
  'held-back':   { word: 'held back',  tone: 'change' },
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
  // Who reads its files by itself is not told, only looked at.
  const verb = 'argv' in outcome && outcome.argv === null ? 'probe' : verbs[outcome.when];
  const line: Line = terminal
    ? [`  ${padTo(address, addressColumns)}  ${padTo(verb, 7)}  `, toned(tone, padTo(word, 10)), ` ${saidOf(outcome)}`]
    : [`${formatInstant(now)} ${address} ${verb} ${word} ${saidOf(outcome)}`];
  return renderLine(line, style);
}

/** How long it took, what was run and what was seen, or why not. */
function saidOf(outcome: ServiceOutcome): string {
  switch (outcome.result) {
    case 'served':
      return told(outcome, ` at ${outcome.endpoints.join(', ')}`);
    case 'unverified':
      return told(outcome, '');
    case 'stale':
    case 'unreachable':
      return outcome.notServed.map(notServedText).join('; ');
    case 'skipped':
      return outcome.because === 'not-active' ? 'it is not active' : 'the desired state has no command for it';
    case 'failed':
      return `${outcome.failure === 'test-failed' ? 'left as it is, its test says no: ' : ''}${tellingText(outcome)}: ${outcome.detail}${lastLine(outcome.output)}`;
    case 'held-back':
      return `service/${outcome.because} could not be told`;
  }
}

/** `served: 0.8s  systemctl reload etcd at 127.0.0.1:2379`. */
export const serviceSentence = (outcome: ServiceOutcome): string => {
  const said = saidOf(outcome);
  return `${results[outcome.result].word}${said === '' ? '' : `: ${said}`}`;
};

type Told = Extract<ServiceOutcome, { result: 'served' | 'unverified' }>;

const told = ({ milliseconds, argv, staticPod }: Told, where: string): string =>
  `${padTo(formatTook(milliseconds), 5)}  ${argv === null ? 'reads its files by itself' : tellingText({ argv, staticPod })}${where}`;

/** What still runs, and what is on disk. */
const notServedText = ({ address, onDisk, served }: NotServed): string =>
  `${served.state === 'served' ? `${servedText(served).replace(' serves ', ' still serves ')}` : servedText(served)}; ${address} on disk is ${certificateText(onDisk)}`;

function lastLine(output: string): string {
  const line = output.trim().split('\n').at(-1)?.trim() ?? '';
  return line === '' ? '' : `: ${line}`;
}

const counted = (count: number): string => `${count} ${count === 1 ? 'service' : 'services'}`;

/** The closing sentence where nobody was told, and yet what runs is not what is on disk. */
export const staleSummary =
  'Nothing was told: a service still serves another certificate than the one on disk, and no command tells it: reload it by hand; certstate check sees when it has helped.';

/** The closing sentences about services; undefined where there is nothing to say. */
export function servicesSummary(outcomes: readonly ServiceOutcome[]): string | undefined {
  const count = (...results: readonly ServiceOutcome['result'][]) => outcomes.filter(({ result }) => results.includes(result)).length;
  const [served, unverified, stale, unseen, open] = [
    count('served'),
    count('unverified'),
    count('stale'),
    count('unreachable'),
    count('failed', 'held-back'),
  ];
  const sentences = [
    served > 0 && `${counted(served)} ${served === 1 ? 'serves' : 'serve'} what is on disk.`,
    unverified > 0 && `${counted(unverified)} told, unverified: no probe says where to look.`,
    stale > 0 &&
      `${counted(stale)} still ${stale === 1 ? 'serves' : 'serve'} the old certificate: the files are right, what runs is not. Reload by hand what certstate could not; certstate check sees when it has helped.`,
    unseen > 0 &&
      `${counted(unseen)} told and not to be reached: it is not known what ${unseen === 1 ? 'it serves' : 'they serve'}. certstate check looks again.`,
    open > 0 &&
      `${counted(open)} could not be told: the files are right, and what runs may still use the old ones. certstate apply tries again.`,
  ].filter((sentence) => sentence !== false);
  return sentences.length === 0 ? undefined : sentences.join(' ');
}
