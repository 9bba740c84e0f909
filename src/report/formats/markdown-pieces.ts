/** What the Markdown of every command is put together from, and how it is kept short enough. */
import type { Place } from '../../domain/diagnostic.ts';
import type { Reported } from '../reported.ts';
import { escaped } from './markdown-text.ts';

/**
 * GitHub takes comments of at most 65,536 characters (terraform-cdk-action #150) and step summaries of 1 MiB; four octets to a character, this
 * keeps to both, with room for what others put around it.
 */
export const mostCharacters = 60_000;

/** Lines that belong together: a table, a list. Of those that say so, as many are left out from the end as must be. */
export interface Piece {
  readonly before: readonly string[];
  readonly lines: readonly string[];
  readonly after: readonly string[];
  /** How many lines there are, where only those were made that can possibly fit. */
  readonly total?: number;
}

export type Section = Piece | readonly string[];
const isPiece = (section: Section): section is Piece => !Array.isArray(section);

/** The sections with a blank line between them, in order; what is too long is cut line by line, the last sections first, and says how much is missing. */
export function within(sections: readonly Section[]): string {
  const fixed = sections.flatMap((section) => (isPiece(section) ? [...section.before, ...section.after] : section));
  let left = mostCharacters - fixed.reduce((sum, line) => sum + line.length + 1, 0) - sections.length * 80;
  const blocks = sections.map((section) => {
    if (!isPiece(section)) return section.join('\n');
    const shown: string[] = [];
    for (const line of section.lines) {
      if (line.length + 1 > left) break;
      left -= line.length + 1;
      shown.push(line);
    }
    const missing = (section.total ?? section.lines.length) - shown.length;
    if (shown.length === 0) return missing === 0 ? '' : moreText(missing);
    const text = [...section.before, ...shown, ...section.after].join('\n');
    return missing === 0 ? text : `${text}\n\n${moreText(missing)}`;
  });
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

const moreText = (count: number): string => `${count} more, see the artifact or the log of the job.`;

/** The hidden mark, one for each command and desired state, and the heading. */
export const headed = ({ command, name }: Reported, heading: string): readonly string[] => [
  `<!-- certstate:${command}:${name} -->`,
  `### certstate ${command}: ${heading}`,
];

/** Cells are Markdown already. */
export const table = (heads: readonly string[], rows: readonly (readonly string[])[]): Piece => ({
  before: [tableRow(heads), tableRow(heads.map(() => '---'))],
  lines: rows.map(tableRow),
  after: [],
});

const tableRow = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** Closed until somebody opens it. The blank line ends the HTML: what follows is Markdown again. */
export const fold = (summary: string, lines: readonly string[]): Piece => ({
  before: [`<details><summary>${summary}</summary>`, ''],
  lines,
  after: ['', '</details>'],
});

/** `pki.yaml:25`, a link where the file is on the web. */
export function placeLink({ file, line }: Place, { web }: Reported): string {
  const text = escaped(`${file}:${line}`);
  return web === undefined || file.startsWith('/') ? text : `[${text}](${web}${file.split('/').map(encodeSegment).join('/')}#L${line})`;
}

/** Brackets too: they would end the target of a link. */
const encodeSegment = (segment: string): string =>
  encodeURIComponent(segment.replace(/\p{Cs}/gu, '\ufffd')).replace(
    /[()!'*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
