/**
 * Brings everything shown in the documentation in step with the program: generated sections, and the output of the commands in the pages.
 * `node --import tsx scripts/refresh-docs.ts [PAGE…]`; builds dist/ first. What still says the same is left as it is, `…` included.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { refreshed } from './docs/console-page.ts';
import { withSections } from './docs/generated.ts';
import { pages, repository } from './docs/pages.ts';
import { runPage } from './docs/run-page.ts';
import { buildIfStale } from './prepare.mjs';

function write(path: string, text: string): void {
  if (readFileSync(path, 'utf8') === text) return;
  writeFileSync(path, text);
  process.stdout.write(`refreshed ${relative(repository, path)}\n`);
}

const isHere = (program: string): boolean => spawnSync('which', [program], { stdio: 'ignore' }).status === 0;

buildIfStale();
for (const page of pages().filter((path) => process.argv.length < 3 || process.argv.slice(2).some((word) => path.includes(word)))) {
  const path = join(repository, page);
  write(path, withSections(readFileSync(path, 'utf8')));
  write(path, refreshed(readFileSync(path, 'utf8'), await runPage(path, isHere)));
}
