/** What the formats say of a problem, where they pin it, and what they call it so that it is known again. */
import type { FailClass } from '../../domain/codes/code-row.ts';
import type { Place } from '../../domain/diagnostic.ts';
import { visible } from '../escape.ts';
import type { Reported, ReportedProblem } from '../reported.ts';
import { withheld } from '../withhold-secrets.ts';

/** Text that others wrote, on one line, nothing in it invisible, no private key pasted into it. */
export const plain = (text: string): string => visible(withheld(text));

/** The sentence, with the resource in front where it does not name it. */
export function sentenceOf({ message, address }: ReportedProblem): string {
  return plain(address === undefined || message.includes(address) ? message : `${address}: ${message}`);
}

/** Its own place, else that of its resource, else the first line of what was read: a report never leaves a problem without a line. */
export function placeOf(
  { place, address }: ReportedProblem,
  { resources, texts }: Pick<Reported, 'resources' | 'texts'>,
): Place | undefined {
  if (place) return place;
  const resource = address === undefined ? undefined : resources.find((candidate) => candidate.address === address);
  if (resource?.place) return resource.place;
  const [file] = texts.keys();
  return file === undefined ? undefined : { file, line: 1, column: 1, endLine: 1, endColumn: 1 };
}

/**
 * A name for each problem that stays when lines move, so that a report of tomorrow opens and closes nothing: its code and what it is about.
 * The second of the same name is counted, since readers keep only one of two with the same.
 */
export function fingerprints(problems: readonly ReportedProblem[]): readonly string[] {
  const seen = new Map<string, number>();
  return problems.map(({ code, address, place }) => {
    const name = `${code}:${plain(address ?? place?.file ?? 'host')}`;
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name}:${count}`;
  });
}

const levels: readonly ReportedProblem['level'][] = ['error', 'warning', 'notice'];
const classes: readonly FailClass[] = ['expired', 'insecure', 'error', 'drift', 'overdue', 'due', 'warning', 'orphan'];

/** What fails first, then by level, then by class; what is accepted last. Otherwise as given. */
export const worstFirst = (problems: readonly ReportedProblem[]): readonly ReportedProblem[] =>
  problems.toSorted(
    (left, right) =>
      Number(left.accepted !== undefined) - Number(right.accepted !== undefined) ||
      Number(right.fails) - Number(left.fails) ||
      levels.indexOf(left.level) - levels.indexOf(right.level) ||
      classes.indexOf(left.failClass) - classes.indexOf(right.failClass),
  );
