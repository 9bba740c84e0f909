/** docs/codes.md, made from the tables: a test keeps the file in step. */
import { type Code, isCode } from '../src/domain/codes.ts';
import { classText } from '../src/report/explain-text.ts';
import { explanationGroups } from '../src/report/explanations.ts';

/** The whole page as Markdown. */
export function codesPage(): string {
  const head = [
    '# Codes',
    '',
    'Every code that a plan, a finding or a diagnostic can carry. Codes are public and never renamed; `certstate explain CODE` prints the same.',
    '',
  ];
  const groups = explanationGroups.flatMap(({ heading, about, codes }) => [
    `## ${heading}`,
    '',
    about,
    '',
    ...Object.keys(codes)
      .filter(isCode)
      .flatMap((code) => entry(code, codes[code] as NonNullable<(typeof codes)[string]>)),
  ]);
  return `${[...head, ...groups].join('\n').trimEnd()}\n`;
}

const entry = (code: Code, { title, means, fix, cites }: (typeof explanationGroups)[number]['codes'][string]): readonly string[] => [
  `### ${code}`,
  '',
  `**${title}** (${classText(code)}).`,
  '',
  markdown(means),
  '',
  `*What to do:* ${markdown(fix)}`,
  '',
  ...(cites === undefined ? [] : [`*Source:* ${cites}`, '']),
];

/** Characters that Markdown would take for its own. */
const markdown = (text: string): string => text.replace(/[*<>_$]/g, '\\$&');
