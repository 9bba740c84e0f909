/** `explain CODE`: what a code means and how to fix it. */
import { type Code, codes } from '../domain/codes.ts';
import { explanationGroups, explanations } from './explanations.ts';
import { type Line, renderLines, type Style, type Tone, toned } from './style.ts';
import { padTo, widest, wrap } from './text-width.ts';

/** What `check --fail-on` calls it, for people. */
export const classText = (code: Code): string => {
  const { severity, failOn, as } = codes[code];
  return `${severity}, class ${failOn}, used as ${as.join(' and ')}`;
};

export function explainText(code: Code, { style }: { readonly style: Style }): string {
  const { title, means, fix, cites } = explanations[code];
  const columns = Math.max(60, Math.min(100, style.width));
  const tone: Tone = codes[code].severity;
  const section = (label: string, text: string): readonly Line[] =>
    wrap(text, columns - 13).map((piece, index) => [`${index === 0 ? `    ${label.padEnd(9)}` : ' '.repeat(13)}${piece}`]);
  return renderLines(
    [
      [toned(tone, code), `: ${title}`],
      [],
      ...section('means', means),
      ...section('do', fix),
      ...section('class', classText(code)),
      ...(cites === undefined ? [] : section('source', cites)),
    ],
    style,
  );
}

/** `explain` without a code: every code with its title, in the order of docs/codes.md. */
export function explainList({ style }: { readonly style: Style }): string {
  const columns = widest(explanationGroups.flatMap((group) => Object.keys(group.codes)));
  const groups = explanationGroups.map((group): readonly Line[] => [
    [group.heading],
    ...Object.entries(group.codes).map(([code, { title }]): Line => [`  ${padTo(code, columns)}  `, toned('dim', title)]),
  ]);
  return renderLines(
    groups.flatMap((group, index) => (index === 0 ? group : [[], ...group])),
    style,
  );
}
