/** Sections of pages that are made from tables of the source. */
import { commandNames, commandRow } from '../../src/cli/command-table.ts';
import { exitCodes, exitMeanings } from '../../src/cli/exit-codes.ts';
import { formatNames, formatRow } from '../../src/report/formats/format-table.ts';
import { reservedWordTable, resourceFieldTable, serviceFieldTable, topFieldTable } from './field-tables.ts';

/** Sections of pages: what stands between `<!-- begin NAME -->` and `<!-- end NAME -->`. */
const sections: Readonly<Record<string, () => string>> = {
  commands: () =>
    [
      '| command | what it does | writes |',
      '| --- | --- | --- |',
      ...commandNames.map((name) => {
        const { summary, arguments: words = '', writes } = commandRow(name);
        // A bar ends a cell also within code, unless it is escaped.
        const call = [name, words].join(' ').trim().replaceAll('|', '\\|');
        return `| \`certstate ${call}\` | ${summary} | ${writes} |`;
      }),
    ].join('\n'),
  'exit-codes': () =>
    [
      '| code | meaning |',
      '| --- | --- |',
      ...(Object.keys(exitCodes) as (keyof typeof exitCodes)[])
        .filter((name) => commandNames.some((command) => commandRow(command).exits.includes(name)))
        .map((name) => `| ${exitCodes[name]} | ${exitMeanings[name]} |`),
    ].join('\n'),
  'report-formats': () =>
    [
      '| format | what it is | of |',
      '| --- | --- | --- |',
      ...formatNames.map((name) => {
        const { what, commands } = formatRow(name);
        return `| \`${name}\` | ${what} | ${commands.map((command) => `\`${command}\``).join(', ')} |`;
      }),
    ].join('\n'),
  'top-fields': topFieldTable,
  'resource-fields': resourceFieldTable,
  'service-fields': serviceFieldTable,
  'reserved-words': reservedWordTable,
};

const section = /(<!-- begin ([\w-]+) -->\n)[\s\S]*?(<!-- end \2 -->)/g;

/** A page with its generated sections as the source has them now. Throws for a section that nothing makes. */
export const withSections = (page: string): string =>
  page.replace(section, (_, begin: string, name: string, end: string) => {
    const make = sections[name];
    if (!make) throw new Error(`no section is called ${name}`);
    return `${begin}\n${make()}\n\n${end}`;
  });
