/** How text is shown, decided once by whoever knows the stream; nothing in this room asks the environment. */
import { styleText } from 'node:util';
import { asNoCommand, visible } from './escape.ts';

export interface Style {
  readonly colour: boolean;
  /** Nothing beyond ASCII, for terminals that cannot show it. */
  readonly ascii: boolean;
  /** Columns of the terminal; plans use at most 100 of them. */
  readonly width: number;
  /** Lines that tell a person what to type next: on a terminal, without `--quiet`. */
  readonly hints: boolean;
  /** Each line begins with how much it weighs, as the journal of systemd reads it (sd-daemon(3)). */
  readonly journal?: boolean;
}

/** For pipes and tests. */
export const plainStyle: Style = { colour: false, ascii: false, width: 100, hints: false };

/** What a stretch of text is; only these are coloured. */
export type Tone = 'create' | 'change' | 'danger' | 'forget' | 'dim' | 'error' | 'warning' | 'notice' | 'good';

// biome-ignore format: table
const formats = {
  create:  'green',
  change:  'yellow',
  danger:  ['red', 'bold'],
  forget:  'cyan',
  dim:     'dim',
  error:   ['red', 'bold'],
  warning: ['yellow', 'bold'],
  notice:  ['cyan', 'bold'],
  good:    'green',
} as const satisfies Record<Tone, Parameters<typeof styleText>[0]>;

/** As the journal knows them; whatever else is said is information. */
// biome-ignore format: table
const priorities: Partial<Record<Tone, number>> = { danger: 3, error: 3, warning: 4, notice: 5 };
const information = 6;

/** A stretch of a line: text as it is, or text with a tone. Untrusted text may stand in either. */
export type Span = string | { readonly tone: Tone; readonly text: string };
export type Line = readonly Span[];

export const toned = (tone: Tone, text: string): Span => ({ tone, text });
export const spanText = (span: Span): string => (typeof span === 'string' ? span : span.text);

/** One line for the terminal, escaped first and coloured after, so that no input can bring colours of its own. */
export function renderLine(line: Line, style: Style): string {
  const spans = line.map((span) => {
    const text = visible(spanText(span), style.ascii);
    // validateStream would have Node decide again, and take an empty NO_COLOR as set.
    return typeof span === 'string' || !style.colour || text === '' ? text : styleText(formats[span.tone], text, { validateStream: false });
  });
  const text = asNoCommand(spans.join(''));
  return `${priorityOf(line, style)}${style.colour ? text : text.trimEnd()}`;
}

function priorityOf(line: Line, { journal }: Style): string {
  if (!journal || line.length === 0) return '';
  return `<${Math.min(...line.map((span) => (typeof span === 'string' ? undefined : priorities[span.tone]) ?? information))}>`;
}

/** Lines as text, each ended by a line feed: the only way from this room to a terminal. */
export const renderLines = (lines: readonly Line[], style: Style): string => lines.map((line) => `${renderLine(line, style)}\n`).join('');
