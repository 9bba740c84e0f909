/** What `watch` says, line by line: for a person at a terminal, for a pipeline, and for the journal, which has times and priorities of its own. */

import type { Action } from '../domain/plan.ts';
import { isOpen } from '../domain/service-outcome.ts';
import { formatDay, formatInstant, type Instant } from '../domain/time.ts';
import type { FactKind, Heartbeat, StandingFact, WatchEvent } from '../domain/watch-event.ts';
import { formatTook } from './apply-text.ts';
import { newsSentence } from './condition-words.ts';
import { diagnosticText } from './diagnostic-text.ts';
import { recoveredSentence } from './recovered-text.ts';
import { serviceSentence } from './service-text.ts';
import { type Line, renderLine, type Style, type Tone, toned } from './style.ts';
import {
  backoffSentence,
  deafSentence,
  heartbeatSentence,
  type Level,
  levelOf,
  lineOf,
  resolvedPhrase,
  steppedSentence,
  worstLevel,
} from './watch-words.ts';

export interface WatchLineContext {
  readonly style: Style;
  readonly now: Instant;
  readonly manner: 'terminal' | 'pipe' | 'journal';
  /** The longest address, for columns. */
  readonly addressColumns: number;
}

interface Said {
  readonly word: string;
  readonly level: Level;
  readonly tone: Tone;
  readonly subject: string;
  /** For people. */
  readonly phrase: string;
  /** For `grep` and `awk`, as `key=value`. */
  readonly fields: readonly (readonly [string, string | undefined])[];
}

/** One event as one line, or more where a broken text is shown; each ended by a line feed. */
export function watchEventText(event: WatchEvent, context: WatchLineContext): string {
  const { style, now, manner, addressColumns } = context;
  const said = wordsOf(event, now);
  const text =
    manner === 'terminal'
      ? `${renderLine(terminalLine(said, now, addressColumns), style)}\n`
      : `${manner === 'journal' ? priorities[said.level] : `${formatInstant(now)} `}${renderLine([plainLine(said)], { ...style, colour: false, journal: false })}\n`;
  return manner === 'terminal' && event.event === 'config' && event.diagnostics.length > 0
    ? `${text}${diagnosticText(event.diagnostics, { style, texts: event.texts })}\n`
    : text;
}

/** The line that a terminal keeps drawing anew. */
export const watchStatusText = ({ nextCheck, ...heartbeat }: Heartbeat, last: Instant): string =>
  `${heartbeatSentence({ nextCheck, ...heartbeat })} | last full check ${timeOfDay(last)}, next ${timeOfDay(nextCheck)}`;

/** `Watching desired-state and 8 files in 2 folders.`, ended by a line feed. */
export function watchingText(
  { from, files, folders }: { readonly from: readonly string[]; readonly files: number; readonly folders: number },
  { does, hears }: { readonly does: ReadonlySet<Action> | undefined; readonly hears: boolean },
): string {
  const mode = does ? doesText(does) : 'Report only.';
  const poll = hears ? '' : ' Nothing is listened to: everything is looked at in each interval.';
  return `Watching ${from.join(', ')} and ${files} ${files === 1 ? 'file' : 'files'} in ${folders} ${folders === 1 ? 'folder' : 'folders'}. ${mode}${poll} Ctrl-C stops.\n`;
}

const doesText = (does: ReadonlySet<Action>): string =>
  does.size === 2 && does.has('fix') && does.has('renew')
    ? 'What is due is renewed and what can be mended without issuing is mended.'
    : `Done without asking: ${[...does].join(', ')}.`;

/** sd-daemon(3). */
const priorities = { error: '<3>', warn: '<4>', info: '<6>' } as const satisfies Record<Level, string>;

const timeOfDay = (instant: Instant): string => formatInstant(instant).slice(11, 19);

const tones = { drift: 'change', pending: 'change', due: 'change', finding: 'warning', trouble: 'warning' } as const satisfies Record<
  FactKind,
  Tone
>;

function terminalLine({ word, tone, subject, phrase }: Said, now: Instant, columns: number): Line {
  return [toned('dim', timeOfDay(now)), '  ', toned(tone, word.padEnd(9)), ` ${subject.padEnd(columns)}  `, phrase];
}

/** `drift ca/etcd code=private-key-mode file=/etc/etcd/ca.key have=0644 want=0600`. */
const plainLine = ({ word, subject, fields }: Said): string =>
  [
    word,
    ...(subject === '' ? [] : [subject]),
    ...fields.flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${bare(value)}`])),
  ].join(' ');

const bare = (value: string): string => (/^[^\s"=]+$/.test(value) ? value : JSON.stringify(value));

function wordsOf(event: WatchEvent, now: Instant): Said {
  switch (event.event) {
    case 'stands': {
      const { fact } = event;
      const level = levelOf(fact);
      return { word: fact.kind, level, tone: level === 'error' ? 'danger' : tones[fact.kind], ...factWords(fact, now) };
    }
    case 'resolved': {
      const { fact, since } = event;
      const { subject, fields } = factWords(fact, now);
      const after: Said['fields'] = [
        ...fields.filter(([key]) => key === 'code' || key === 'file'),
        ['after', `${Math.max(0, now - since)}s`],
      ];
      return { word: 'resolved', level: 'info', tone: 'good', subject, phrase: resolvedPhrase(fact, since, now), fields: after };
    }
    case 'config': {
      const { changed, diagnostics } = event;
      const level = worstLevel(diagnostics);
      const [first] = diagnostics.filter(({ severity }) => severity === 'error');
      const phrase = first
        ? 'cannot be used; the last good desired state stays in force'
        : `changed: ${changed.join(', ') || 'nothing that means something else'}`;
      return {
        word: 'config',
        level,
        tone: first ? 'danger' : 'notice',
        subject: first?.place ? `${first.place.file}:${first.place.line}` : 'desired-state',
        phrase,
        fields: first
          ? [
              ['code', first.code],
              ['error', first.message],
              ['in_force', 'last-good'],
            ]
          : [['changed', changed.join(',') || 'nothing']],
      };
    }
    case 'clock':
      return {
        word: 'clock',
        level: 'warn',
        tone: 'warning',
        subject: 'host',
        phrase: steppedSentence(event.by),
        fields: [['stepped', `${event.by}s`]],
      };
    case 'hearing': {
      const { deaf, interval } = event;
      const phrase = deafSentence(deaf, interval);
      const isDeaf = deaf.size > 0;
      return {
        word: 'watch',
        level: isDeaf ? 'warn' : 'info',
        tone: isDeaf ? 'warning' : 'good',
        subject: isDeaf ? 'degraded' : 'restored',
        phrase,
        fields: [
          ['folders', `${deaf.size}`],
          ['why', isDeaf ? phrase : undefined],
        ],
      };
    }
    case 'applied': {
      const { outcome } = event;
      const { address, action } = outcome;
      if (outcome.result === 'failed') {
        const { code, message } = outcome.diagnostic;
        const fields: Said['fields'] = [
          ['action', action],
          ['code', code],
          ['error', message],
        ];
        return { word: 'failed', level: 'error', tone: 'danger', subject: address, phrase: `${action}: ${message}`, fields };
      }
      const { published, milliseconds } = outcome;
      const [expires, took] = [published ? formatDay(published.notAfter) : undefined, formatTook(milliseconds)];
      return {
        word: 'applied',
        level: 'info',
        tone: 'good',
        subject: address,
        phrase: `${action}${expires === undefined ? '' : `, expires ${expires}`} (${took})`,
        fields: [
          ['action', action],
          ['expires', expires],
          ['took', took],
        ],
      };
    }
    case 'service': {
      const { outcome } = event;
      const level = isOpen(outcome) ? 'error' : 'info';
      const phrase = serviceSentence(outcome);
      return {
        word: 'service',
        level,
        tone: level === 'error' ? 'danger' : 'good',
        subject: `service/${outcome.service}`,
        phrase,
        fields: [
          ['result', outcome.result],
          ['what', phrase],
        ],
      };
    }
    case 'recovered': {
      const phrase = recoveredSentence(event);
      return { word: 'recovered', level: 'warn', tone: 'warning', subject: 'host', phrase, fields: [['what', phrase]] };
    }
    case 'said': {
      const { code, severity, message, address } = event.diagnostic;
      const level = worstLevel([event.diagnostic]);
      const fields: Said['fields'] = [
        ['code', code],
        ['what', message],
      ];
      return { word: severity, level, tone: level === 'error' ? 'danger' : 'warning', subject: address ?? 'host', phrase: message, fields };
    }
    case 'backoff': {
      const { backoff, until } = event;
      const { address, code, file, times } = backoff;
      return {
        word: 'backoff',
        level: 'warn',
        tone: 'warning',
        subject: address ?? 'unfinished',
        phrase: backoffSentence(backoff, until),
        fields: [
          ['code', code],
          ['file', file],
          ['times', `${times}`],
          ['until', formatInstant(until)],
        ],
      };
    }
    case 'condition': {
      const { news } = event;
      const { type, address, severity, since } = news.condition;
      const isOver = news.status === 'cleared';
      return {
        word: 'condition',
        level: isOver ? 'info' : severity === 'error' ? 'error' : 'warn',
        tone: isOver ? 'good' : 'warning',
        subject: address ?? 'host',
        phrase: newsSentence(news, now),
        fields: [
          ['status', news.status],
          ['type', type],
          ['since', formatInstant(since)],
        ],
      };
    }
    case 'heartbeat': {
      const { resources, inSync, counts, nextDue } = event;
      return {
        word: 'heartbeat',
        level: 'info',
        tone: 'dim',
        subject: '',
        phrase: heartbeatSentence(event),
        fields: [
          ['resources', `${resources}`],
          ['in_sync', `${inSync}`],
          ...Object.entries(counts).map(([kind, count]) => [kind, count > 0 ? `${count}` : undefined] as const),
          ['next_due', nextDue ? formatDay(nextDue.at) : undefined],
        ],
      };
    }
  }
}

function factWords(fact: StandingFact, now: Instant): Pick<Said, 'subject' | 'phrase' | 'fields'> {
  const { address, code, phrase, file } = lineOf(fact, now);
  const { about } = fact.line;
  const { observed, desired } = 'difference' in about ? about.difference : { observed: undefined, desired: undefined };
  const short = observed !== undefined || desired !== undefined;
  return {
    subject: address ?? 'host',
    phrase,
    fields: [
      ['code', code],
      ['file', file],
      ['have', observed],
      ['want', desired],
      ['what', short ? undefined : phrase],
    ],
  };
}
