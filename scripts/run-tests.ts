/**
 * The test runner: finds test files, deals them to workers, prints what failed, and ends with the line
 * `N passed, N failed` (`, N skipped` where something was left out). Exit 1 if anything failed, or could have passed without testing.
 *
 * `run-tests.ts [--folder DIR] [WORD…]`: only the files whose path contains one of the words.
 * CERTSTATE_NO_SKIP=1 makes a skipped test a failure. CERTSTATE_TEST_SECONDS is the time one file may take (60; `*.slow.test.ts` five times that).
 */
import type { ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { endWorker, type FileResult, killWorker, runInWorker, running, startWorker } from './test-processes.ts';

const { values, positionals: words } = parsedWords();
const secondsPerFile = Number(process.env['CERTSTATE_TEST_SECONDS'] ?? 60);

function parsedWords() {
  try {
    return parseArgs({ allowPositionals: true, options: { folder: { type: 'string', default: 'test' } } });
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\nnpm test -- --help shows what there is\n`);
    process.exit(64);
  }
}

const isSlow = (file: string): boolean => file.endsWith('.slow.test.ts');

function findFiles(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  const files = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.test.ts'))
    .map((entry) => join(entry.parentPath, entry.name));
  const chosen = files.filter((file) => words.length === 0 || words.some((word) => relative(folder, file).includes(word)));
  // The slow ones first, so that no core waits for one of them at the end.
  return chosen.sort((a, b) => Number(isSlow(b)) - Number(isSlow(a)) || (a < b ? -1 : 1));
}

/** Takes files until none is left. Quick files share a process; a slow one has its own, and so does what follows a broken one. */
async function takeFiles(files: string[], finished: (result: FileResult) => void): Promise<void> {
  let worker: ChildProcess | undefined;
  for (let file = files.shift(); file !== undefined; file = files.shift()) {
    worker ??= startWorker();
    const temporaryFolder = mkdtempSync(join(tmpdir(), 'certstate-test-'));
    chmodSync(temporaryFolder, 0o1777); // as /tmp is: a test may try things as somebody else
    const result = await runInWorker(worker, { file, temporaryFolder }, secondsPerFile * (isSlow(file) ? 5 : 1));
    const keepWorker = !isSlow(file) && result.complaints.length === 0;
    const leftRunning = !keepWorker && (await (result.broken ? killWorker(worker) : endWorker(worker)));
    if (!keepWorker) worker = undefined;
    rmSync(temporaryFolder, { recursive: true, force: true });
    finished(leftRunning ? { ...result, complaints: [...result.complaints, 'left a process running'] } : result);
  }
  if (worker !== undefined) await endWorker(worker);
}

function print(result: FileResult, folder: string): void {
  const bad = result.failed > 0 || result.complaints.length > 0;
  const counts = `${result.passed} passed${result.failed > 0 ? `, ${result.failed} failed` : ''}${result.skipped > 0 ? `, ${result.skipped} skipped` : ''}`;
  process.stdout.write(`${bad ? 'FAIL' : 'ok  '}  ${relative(folder, result.file)}  (${counts}, ${Math.round(result.milliseconds)} ms)\n`);
  if (bad) process.stdout.write(`${result.output.trimEnd()}\n`);
  else for (const line of result.output.split('\n')) if (line.startsWith('skipped: ')) process.stdout.write(`      ${line}\n`);
  for (const complaint of result.complaints) process.stdout.write(`      ${relative(folder, result.file)} ${complaint}\n`);
}

async function main(): Promise<void> {
  const folder = resolve(values.folder);
  const files = findFiles(folder);
  const totals = { passed: 0, failed: 0, skipped: 0 };
  if (files.length === 0) {
    process.stdout.write(`No test file ${words.length === 0 ? `below ${folder}` : `has ${words.join(' or ')} in its path`}\n`);
    totals.failed = 1;
  }
  const finished = (result: FileResult): void => {
    totals.passed += result.passed;
    // A file that could have passed without testing has failed, even if no test of it has.
    totals.failed += Math.max(result.failed, Math.min(result.complaints.length, 1));
    totals.skipped += result.skipped;
    print(result, folder);
  };
  // Many of the slow ones wait for something most of the time: half as many workers again keep the cores at work.
  const workers = Math.min(Math.ceil(availableParallelism() * 1.5), files.length);
  await Promise.all(Array.from({ length: workers }, () => takeFiles(files, finished)));
  if (totals.skipped > 0 && process.env['CERTSTATE_NO_SKIP'] === '1') {
    process.stdout.write(`CERTSTATE_NO_SKIP is set, so ${totals.skipped} skipped count as failed\n`);
    totals.failed += totals.skipped;
    totals.skipped = 0;
  }
  process.stdout.write(`${totals.passed} passed, ${totals.failed} failed${totals.skipped > 0 ? `, ${totals.skipped} skipped` : ''}\n`);
  process.exitCode = totals.failed > 0 ? 1 : 0;
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    for (const worker of running) killWorker(worker);
    process.exit(1);
  });
}
await main();
