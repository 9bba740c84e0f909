/**
 * npm run torture [-- PROMISE… --json FILE --page FILE]
 *
 * Tries the promises in full (all of them, or those that are named: `npm run torture p1 p2`), and prints what came out. `--json` keeps the results in a file,
 * beside those of earlier runs; `--page` puts them into a Markdown file. Less than in full: CERTSTATE_KILLS (P2), CERTSTATE_TRIALS (P3), CERTSTATE_RUNS (P10).
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { promises, type TorturedPromise } from './promises.ts';
import { type Result, resultsMarkdown, resultsText, withEarlier, writeResults } from './results.ts';

const here = import.meta.dirname;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'string', default: 'torture.json' }, page: { type: 'string' } },
});

/** A mount namespace of its own, so that nothing stays mounted whatever happens. */
const powerLoss = ['unshare', '-m', '--propagation', 'private', process.execPath, '--import', 'tsx', join(here, 'power-loss.ts')];
const testsOf = (files: readonly string[]) => [process.execPath, '--import', 'tsx', join(here, '../run-tests.ts'), ...files];

function tryOut({ id, files }: TorturedPromise, folder: string): Result {
  process.stdout.write(`\n${id}\n`);
  const noted = join(folder, id);
  const [program, ...args] = (files.length === 0 ? powerLoss : testsOf(files)) as [string, ...string[]];
  const begin = performance.now();
  const env = { CERTSTATE_TEST_SECONDS: '14400', ...process.env, CERTSTATE_TORTURE: '1', CERTSTATE_FIGURES: noted };
  const { status, stdout } = spawnSync(program, args, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 1 << 28 });
  process.stdout.write(stdout);
  const seconds = Math.round((performance.now() - begin) / 1000);
  const printed = existsSync(noted) ? readFileSync(noted, 'utf8').trimEnd().split('\n') : [];
  const own = printed.map((line) => JSON.parse(line) as { readonly text: string }).map(({ text }) => text);
  const counts = /^\d+ passed, \d+ failed.*$/m.exec(stdout)?.[0];
  const skipped = [...stdout.matchAll(/^ *skipped: (.*)$/gm)].map(([, reason = '']) => reason);
  const figures = [...own, ...(counts === undefined ? [] : [`tests: ${counts}`]), ...skipped.map((reason) => `skipped: ${reason}`)];
  const nothing = own.length === 0 && (counts === undefined || /^0 passed, 0 failed/.test(counts));
  return {
    promise: id,
    figures,
    outcome: status !== 0 ? 'BROKEN' : nothing ? 'not tried' : 'kept',
    seconds,
    on: new Date().toISOString().slice(0, 10),
  };
}

const wanted = positionals.map((word) => word.toUpperCase());
const unknown = wanted.filter((id) => !promises.some((promise) => promise.id === id));
if (unknown.length > 0) {
  process.stderr.write(`no such promise: ${unknown.join(', ')}; there are ${promises.map(({ id }) => id).join(', ')}\n`);
  process.exit(64);
}
const folder = mkdtempSync(join(tmpdir(), 'certstate-torture-'));
try {
  const chosen = promises.filter(({ id }) => wanted.length === 0 || wanted.includes(id));
  const results = chosen.map((promise) => tryOut(promise, folder));
  const all = withEarlier(values.json, results);
  writeResults(values.json, all);
  if (values.page !== undefined) putOnPage(values.page, resultsMarkdown(all));
  const minutes = results.reduce((sum, { seconds }) => sum + seconds, 0) / 60;
  process.stdout.write(
    `\n${resultsText(results)}\n${results.length} promises in ${minutes.toFixed(1)} minutes; ${values.json} has the figures\n`,
  );
  if (results.some(({ outcome }) => outcome === 'BROKEN')) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function putOnPage(path: string, figures: string): void {
  const marks = /(<!-- figures -->\n).*(\n<!-- end of figures -->)/s;
  const page = readFileSync(path, 'utf8');
  if (!marks.test(page)) throw new Error(`${path} has no room for the figures`);
  writeFileSync(
    path,
    page.replace(marks, (_, before: string, behind: string) => `${before}\n${figures}\n${behind}`),
  );
}
