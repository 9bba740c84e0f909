import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { blocksOf, isAsShown } from '../../scripts/docs/console-page.ts';
import { pages, repository } from '../../scripts/docs/pages.ts';
import { runPage } from '../../scripts/docs/run-page.ts';
import { debianPackages, needs, type Program, programPath } from '../support/needs.ts';

const test = suite('docs/console-blocks');

const isProgram = (name: string): name is Program => Object.hasOwn(debianPackages, name);
const isHere = (name: string): boolean => isProgram(name) && programPath(name) !== undefined;

for (const page of pages()) {
  const needed = blocksOf(readFileSync(join(repository, page), 'utf8')).flatMap((block) => (block.kind === 'console' ? [block] : []));
  if (needed.length === 0) continue;
  const programs = [...new Set(needed.flatMap((block) => block.needs))];

  test(`what ${page} shows is what the program prints`, async () => {
    assert.ok(programs.every(isProgram), `${page} needs a program that test/support/needs.ts does not know`);
    needs(...programs.filter(isProgram)); // says what is left out
    for (const { shown, printed } of await runPage(join(repository, page), isHere))
      assert.ok(
        isAsShown(shown.output, printed),
        `${page}: npm run generate brings it up to date, if this is right:\n$ ${shown.command}\n${printed}\n\nThe page shows:\n${shown.output.join('\n')}`,
      );
  });
}

test.run();
