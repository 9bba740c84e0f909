/** Problems for people: what is wrong, where, and what to do, with the source beside it. */
import { isDeepStrictEqual } from 'node:util';
import type { Diagnostic, Place } from '../domain/diagnostic.ts';
import { grouped } from './grouped.ts';
import { type FrameLabel, frameLines, sourceLines } from './source-frame.ts';
import { type Line, renderLines, type Style, toned } from './style.ts';
import { wrap } from './text-width.ts';
import { withheld, withoutSecrets } from './withhold-secrets.ts';

export interface DiagnosticContext {
  readonly style: Style;
  /** By the file names that places carry: what was read, so that a frame shows exactly that. */
  readonly texts: ReadonlyMap<string, string>;
  /** What did not happen because of the errors: `nothing was planned`. Without it no closing line is written. */
  readonly consequence?: string | undefined;
}

/** More frames than this are a wall that nobody reads. */
const mostFrames = 20;

/** All problems, sorted by position, at most twenty of them with their frames; then how many there are and what that means. */
export function diagnosticText(diagnostics: readonly Diagnostic[], context: DiagnosticContext): string {
  const sorted = diagnostics.toSorted(byPosition);
  const shown = sorted.slice(0, mostFrames).map((diagnostic) => diagnosticLines(diagnostic, context));
  const rest = sorted.length - shown.length;
  const closing = closingText(diagnostics, context);
  const lines = shown.flatMap((block, index) => (index === 0 ? block : [[], ...block]));
  return renderLines([...lines, ...(rest > 0 ? [[], [`... and ${rest} more`]] : []), ...(closing ? [[], closing] : [])], context.style);
}

function byPosition(left: Diagnostic, right: Diagnostic): number {
  if (!left.place || !right.place) return Number(left.place === undefined) - Number(right.place === undefined);
  return (
    Number(left.place.file > right.place.file) - Number(left.place.file < right.place.file) ||
    left.place.line - right.place.line ||
    left.place.column - right.place.column
  );
}

/** `error: pki.yaml has 5 problems; nothing was planned`. */
function closingText(diagnostics: readonly Diagnostic[], { consequence }: DiagnosticContext): Line | undefined {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (consequence === undefined || errors.length === 0) return undefined;
  const files = [...new Set(errors.flatMap(({ place }) => place?.file ?? []))];
  const who =
    files.length === 1
      ? `${files[0]} has`
      : files.length > 1
        ? `${files.length} files have`
        : errors.length === 1
          ? 'there is'
          : 'there are';
  return [toned('error', 'error'), `: ${who} ${errors.length} problem${errors.length === 1 ? '' : 's'}; ${consequence}`];
}

/** One problem: a frame where its place is in a text we have, the bare place where it is not, notes alone where it has none. */
export function diagnosticLines(asFound: Diagnostic, { style, texts }: DiagnosticContext): readonly Line[] {
  const diagnostic = withoutSecrets(asFound);
  const columns = Math.max(60, Math.min(100, style.width));
  const head: Line = [toned(diagnostic.severity, `${diagnostic.severity}[${diagnostic.code}]`), `: ${diagnostic.message}`];
  const { place } = diagnostic;
  if (!place) return [head, ...remarks([...noteRemarks(diagnostic), ...helpRemarks(diagnostic)], 1, columns)];
  const text = texts.get(place.file);
  const frames = text === undefined ? [] : labelsOf(diagnostic, place).filter((label) => texts.has(label.place.file));
  const gutter = Math.max(1, ...frames.map((label) => String(label.place.line).length));
  const body = [...grouped(frames, (label) => label.place.file)].flatMap(([file, labels], index): readonly Line[] => {
    const lines = sourceLines(withheld(texts.get(file) ?? ''));
    const elsewhere: readonly Line[] =
      index === 0 ? [] : [[toned('dim', `${' '.repeat(gutter)}::: `), `${file}:${labels[0]?.place.line}:${labels[0]?.place.column}`]];
    return [...elsewhere, ...frameLines(labels, lines, { tone: diagnostic.severity, columns, gutter, ascii: style.ascii })];
  });
  const arrow: Line = [toned('dim', `${' '.repeat(gutter)}--> `), `${place.file}:${place.line}:${place.column}`];
  return [
    head,
    arrow,
    ...body,
    ...(body.length > 0 ? [[toned('dim', `${' '.repeat(gutter + 1)}|`)]] : []),
    ...remarks([...helpRemarks(diagnostic), ...noteRemarks(diagnostic)], gutter, columns),
  ];
}

/** The primary label first, so that the frame of its file comes first. */
function labelsOf({ label, related }: Diagnostic, place: Place): readonly FrameLabel[] {
  const others = (related ?? []).filter((other) => !isDeepStrictEqual(other.place, place));
  return [{ place, message: label ?? '', primary: true }, ...others.map((other) => ({ ...other, primary: false }))];
}

interface Remark {
  readonly word: string;
  readonly text: string;
}

/** A hint that already stands under the carets is not said twice. */
const helpRemarks = ({ hint, label }: Diagnostic): readonly Remark[] =>
  hint === '' || label?.includes(hint) ? [] : [{ word: 'help', text: hint }];

/** A note may bring its own word: `cause: EROFS, …`. */
const noteRemarks = ({ notes }: Diagnostic): readonly Remark[] =>
  (notes ?? []).map((note) => {
    const [, word, text] = /^(note|cause|owner|saved|changed|planned|left): (.*)$/s.exec(note) ?? [];
    return word === undefined || text === undefined ? { word: 'note', text: note } : { word, text };
  });

function remarks(all: readonly Remark[], gutter: number, columns: number): readonly Line[] {
  const margin = ' '.repeat(gutter + 1);
  return all.flatMap(({ word, text }) => {
    const lead = `= ${word}: `;
    return wrap(text, columns - margin.length - lead.length).map(
      (piece, index): Line => (index === 0 ? [margin, toned('dim', lead), piece] : [margin, ' '.repeat(lead.length), piece]),
    );
  });
}
