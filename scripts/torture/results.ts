/** What came out of a run: kept as JSON, shown as a table. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { promises } from './promises.ts';

export const outcomes = ['kept', 'BROKEN', 'not tried'] as const;

export interface Result {
  readonly promise: string;
  readonly figures: readonly string[];
  readonly outcome: (typeof outcomes)[number];
  readonly seconds: number;
  /** The day of the run. */
  readonly on: string;
}

/** The results of a file, those of this run in the place of earlier ones. */
export function withEarlier(file: string, results: readonly Result[]): readonly Result[] {
  const earlier = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { readonly results: readonly Result[] }).results : [];
  const byPromise = new Map([...earlier, ...results].map((result) => [result.promise, result] as const));
  return promises.flatMap(({ id }) => byPromise.get(id) ?? []);
}

export const writeResults = (file: string, results: readonly Result[]): void =>
  writeFileSync(file, `${JSON.stringify({ format: 'certstate.torture', node: process.version, results }, null, 2)}\n`);

export function resultsText(results: readonly Result[]): string {
  const lines = results.flatMap(({ promise, figures, outcome, seconds }) =>
    (figures.length === 0 ? [''] : figures).map((figure, index) =>
      [
        index === 0 ? promise.padEnd(4) : '    ',
        index === 0 ? outcome.padEnd(9) : ' '.repeat(9),
        index === 0 ? `${seconds} s`.padStart(7) : ' '.repeat(7),
        figure,
      ]
        .join('  ')
        .trimEnd(),
    ),
  );
  return `${lines.join('\n')}\n`;
}

/** A row for each promise that was tried at least once. */
export function resultsMarkdown(results: readonly Result[]): string {
  const rows = results.map(({ promise, figures, outcome, on }) => {
    const { says, how } = promises.find(({ id }) => id === promise) ?? { says: '', how: '' };
    return `| ${promise} | ${says} | ${how} | ${[...figures, `${outcome}, ${on}`].join('<br>')} | \`npm run torture ${promise.toLowerCase()}\` |`;
  });
  return ['| | promise | how it is tested | the last run | again |', '| --- | --- | --- | --- | --- |', ...rows].join('\n');
}
