/** `check`: one line per finding, what fails first and what is accepted last, then the verdict. */
import type { CheckLine } from './check-lines.ts';
import { formatPlace } from './difference-sentences.ts';
import { grouped } from './grouped.ts';
import { type Line, renderLines, type Style, type Tone, toned } from './style.ts';
import { padTo, widest, widthOf } from './text-width.ts';

export interface CheckTextContext {
  readonly style: Style;
  /** How many resources were judged, in order or not. */
  readonly total: number;
  /** How many `--target` and `--exclude` left out. */
  readonly leftOut: number;
  /** At most so many findings of one code are listed; null: all. */
  readonly most: number | null;
}

/** A table of findings and a closing sentence; one line where all is well. */
export function checkText(lines: readonly CheckLine[], { style, total, leftOut, most }: CheckTextContext): string {
  const resources = counted(total, 'resource');
  const others = leftOut === 0 ? '' : ` ${leftOut} not looked at.`;
  if (lines.length === 0) return renderLines([[toned('good', 'All good'), `: ${resources} as desired, nothing due.${others}`]], style);
  const { shown, left } = atMost(sorted(lines), most);
  return renderLines([...tableOf(shown, style), ...left, [], [`${closing(lines, resources)}${others}`]], style);
}

const sorted = (lines: readonly CheckLine[]): readonly CheckLine[] => {
  const weight = ({ fails, accepted }: CheckLine): number => (fails ? 0 : accepted ? 2 : 1);
  return lines.toSorted((left, right) => weight(left) - weight(right));
};

/** The first of each code, and how many of it are not shown. */
function atMost(
  lines: readonly CheckLine[],
  most: number | null,
): { readonly shown: readonly CheckLine[]; readonly left: readonly Line[] } {
  const groups = [...grouped(lines, ({ code }) => code)];
  const kept = new Set(groups.flatMap(([, same]) => (most === null ? same : same.slice(0, most))));
  const more = groups
    .filter(([, same]) => most !== null && same.length > most)
    .map(([code, same]) => `${same.length - (most ?? 0)} ${code}`);
  return {
    shown: lines.filter((line) => kept.has(line)),
    left: more.length === 0 ? [] : [[`not shown: ${more.join(', ')} (--max none shows all)`]],
  };
}

function tableOf(lines: readonly CheckLine[], style: Style): readonly Line[] {
  const rows = lines.map((line) => ({
    line,
    word: line.accepted ? 'accepted' : line.failClass,
    owner: line.address ?? '-',
    said: saidOf(line),
  }));
  const [words, owners] = [widest(rows.map(({ word }) => word)), widest(rows.map(({ owner }) => owner))];
  const said = widest(rows.map((row) => row.said));
  const sources = rows.map(({ line: { code, place } }) => `${code}${place ? `  ${formatPlace(place)}` : ''}`);
  // A column of codes is worth having only where no line has to be broken for it.
  const isAligned = words + owners + said + widest(sources) + 6 <= style.width;
  return rows.map(({ line, word, owner, said: phrase }, index): Line => {
    const between = ' '.repeat(isAligned ? said - widthOf(phrase) + 2 : 2);
    return [toned(toneOf(line), padTo(word, words)), `  ${padTo(owner, owners)}  ${phrase}${between}`, toned('dim', sources[index] ?? '')];
  });
}

const toneOf = ({ fails }: CheckLine): Tone => (fails ? 'danger' : 'dim');

const saidOf = ({ phrase, accepted }: CheckLine): string =>
  accepted ? `${phrase} (accepted until ${accepted.until}: ${accepted.reason})` : phrase;

/** `3 findings in 4 resources, 1 of them accepted; 2 fail the check. certstate plan shows what would be done.` */
function closing(lines: readonly CheckLine[], resources: string): string {
  const failures = lines.filter(({ fails }) => fails).length;
  const accepted = lines.filter((line) => line.accepted).length;
  const found = `${counted(lines.length, 'finding')} in ${resources}${accepted === 0 ? '' : `, ${accepted} of them accepted`}`;
  if (failures === 0) return `${found}; none fails the check.`;
  return `${found}; ${failures} ${failures === 1 ? 'fails' : 'fail'} the check. certstate plan shows what would be done.`;
}

const counted = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;
