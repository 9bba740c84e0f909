import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { withSections } from '../../scripts/docs/generated.ts';
import { pages, repository } from '../../scripts/docs/pages.ts';
import { type CommandName, commandNames, commandRow } from '../../src/cli/command-table.ts';
import { commonOptions, type OptionName, optionRow } from '../../src/cli/option-table.ts';
import { isCode } from '../../src/domain/codes.ts';

const test = suite('docs/pages');

const read = (page: string): string => readFileSync(join(repository, page), 'utf8');
/** docs/codes.md is made from tables and has a test of its own. */
const texts = pages().filter((page) => page !== 'docs/codes.md');
const withoutCode = (text: string): string => text.replace(/^```[\s\S]*?^```$/gm, '').replace(/`[^`\n]*`/g, '');

/** The anchor that a heading has on the usual forges. */
const anchorsOf = (page: string): readonly string[] =>
  [...read(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );

test('every link between pages leads to a file that is there, and to a heading in it', () => {
  const broken = texts.flatMap((page) =>
    [...withoutCode(read(page)).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target = '']) => {
      if (/^https?:/.test(target)) return [];
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? page : relative(repository, join(repository, dirname(page), path));
      const found = existsSync(join(repository, file)) && (anchor === undefined || anchorsOf(file).includes(anchor));
      return found ? [] : [`${page}: ${target}`];
    }),
  );
  assert.equal(broken, []);
});

test('every page of docs/ is named in README.md', () => {
  const readme = read('README.md');
  assert.equal(
    pages().filter((page) => page.startsWith('docs/') && !readme.includes(`(${page})`)),
    [],
  );
});

const flagsOf = (names: readonly OptionName[]): readonly string[] =>
  names.flatMap((name) => optionRow(name).flags.match(/--?[a-zA-Z-]+/g) ?? []);
const everyFlag = [...flagsOf(commonOptions), ...commandNames.flatMap((name) => flagsOf(commandRow(name).options)), '--help', '--version'];
const isCommand = (word: string): word is CommandName => (commandNames as readonly string[]).includes(word);

/** What is written as code: spans, and the commands of blocks. */
const codeOf = (text: string): readonly string[] => [
  ...[...text.matchAll(/^```[\s\S]*?^```$/gm)].flatMap(([block]) =>
    block
      .replaceAll(/\\\n> */g, ' ')
      .split('\n')
      .filter((line) => line.startsWith('$ ') || line.startsWith('certstate ')),
  ),
  ...[...text.replace(/^```[\s\S]*?^```$/gm, '').matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span),
];

test('every command and flag of certstate that a page names is there', () => {
  const wrong = texts.flatMap((page) =>
    codeOf(read(page)).flatMap((code) =>
      [...code.matchAll(/(?:^|[$|;&(] *|\S+=\S+ )certstate ([a-z-][\w-]*)([^|;&]*)/g)].flatMap(([, command = '', rest = '']) => {
        if (command === 'help' || command.startsWith('--'))
          return command === 'help' || everyFlag.includes(command) ? [] : [`${page}: ${code}`];
        if (!isCommand(command)) return [`${page}: ${code}`];
        const known = flagsOf([...commonOptions, ...commandRow(command).options]);
        return (rest.match(/(?<= )--?[a-zA-Z][a-zA-Z-]*/g) ?? [])
          .filter((flag) => !known.includes(flag))
          .map((flag) => `${page}: ${command} ${flag}`);
      }),
    ),
  );
  assert.equal(wrong, []);
});

test('every flag that stands alone in a text is one of certstate', () => {
  const wrong = texts.flatMap((page) =>
    codeOf(read(page))
      .filter((code) => /^--[a-z]/.test(code))
      .filter((code) => !everyFlag.includes(code.split(/[ =]/)[0] as string))
      .map((code) => `${page}: ${code}`),
  );
  assert.equal(wrong, []);
});

test('every code in a text is in the table of codes', () => {
  const wrong = texts
    .filter((page) => page.startsWith('docs/'))
    .flatMap((page) => [...read(page).matchAll(/certstate explain ([a-z-]+)/g)].map(([, code = '']) => ({ page, code })))
    .filter(({ code }) => !isCode(code));
  assert.equal(wrong, []);
});

test('generated sections are what the tables say; npm run generate writes them', () => {
  assert.equal(
    texts.filter((page) => withSections(read(page)) !== read(page)),
    [],
  );
});

test.run();
