/**
 * The test runner: finds test files, deals them to as many workers as there are cores, prints what failed, and ends with the line
 * `N passed, N failed` (`, N skipped` where something was left out). Exit 1 if anything failed, or could have passed without testing.
 *
 * `run-tests.ts [--folder DIR] [WORD…]`: only the files whose path contains one of the words.
 * CERTSTATE_NO_SKIP=1 makes a skipped test a failure. CERTSTATE_TEST_SECONDS is the time one file may take (60; `*.slow.test.ts` five times that).
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { reportMark, type TestOrder, type TestReport } from './test-report.ts';

interface FileResult extends TestReport {
  readonly file: string;
  readonly output: string;
  readonly milliseconds: number;
}

const { values, positionals: words } = parseArgs({ allowPositionals: true, options: { folder: { type: 'string', default: 'test' } } });
const secondsPerFile = Number(process.env['CERTSTATE_TEST_SECONDS'] ?? 60);
const workerScript = fileURLToPath(new URL('./test-worker.ts', import.meta.url));
const running = new Set<ChildProcess>();

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

/** A worker is a process group of its own, so that whatever its tests started ends with it. */
function startWorker(): ChildProcess {
  const worker = spawn(process.execPath, ['--import', 'tsx', workerScript], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], detached: true });
  worker.stdout?.setEncoding('utf8');
  worker.stderr?.setEncoding('utf8');
  running.add(worker);
  return worker;
}

/** Ends a worker and everything it started. Tells whether something had been left running. */
function endWorker(worker: ChildProcess): boolean {
  running.delete(worker);
  if (worker.pid === undefined) return false;
  const others = processesOfGroup(worker.pid).filter((pid) => pid !== worker.pid);
  try {
    process.kill(-worker.pid, 'SIGKILL');
  } catch {
    // Gone already, and nothing of it is left.
  }
  return others.length > 0;
}

/** Process ids of a group, from Linux's /proc; elsewhere nothing is known. Zombies, and the helpers esbuild keeps for tsx, do not count. */
function processesOfGroup(group: number): number[] {
  try {
    return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) && belongsTo(name, group) ? [Number(name)] : []));
  } catch {
    return [];
  }
}

function belongsTo(pid: string, group: number): boolean {
  try {
    const [, command, state, , processGroup] = /^\d+ \((.*)\) (\S) (\d+) (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    return Number(processGroup) === group && state !== 'Z' && command !== 'esbuild';
  } catch {
    return false;
  }
}

function runInWorker(worker: ChildProcess, order: TestOrder): Promise<FileResult> {
  const { file } = order;
  const started = performance.now();
  let output = '';
  return new Promise((done) => {
    const finish = (report: TestReport): void => {
      clearTimeout(timer);
      worker.stdout?.off('data', read);
      worker.stderr?.off('data', read);
      worker.off('close', closed);
      done({ ...report, file, output, milliseconds: performance.now() - started });
    };
    const broken = (complaint: string): void => finish({ passed: 0, failed: 1, skipped: 0, complaints: [complaint] });
    const read = (text: string): void => {
      output += text;
      const mark = output.indexOf(reportMark);
      if (mark === -1 || !output.endsWith('\n')) return;
      const report = JSON.parse(output.slice(mark + reportMark.length)) as TestReport;
      output = output.slice(0, mark);
      finish(report);
    };
    const closed = (code: number | null, signal: string | null): void =>
      broken(`ended its process (${signal ?? code}) before all tests had run`);
    const seconds = secondsPerFile * (isSlow(file) ? 5 : 1);
    const timer = setTimeout(() => broken(`did not end within ${seconds} seconds`), seconds * 1000);
    worker.stdout?.on('data', read);
    worker.stderr?.on('data', read);
    worker.on('close', closed);
    worker.send(order);
  });
}

/** Takes files until none is left. Quick files share a process; a slow one has its own, and so does what follows a broken one. */
async function takeFiles(files: string[], finished: (result: FileResult) => void): Promise<void> {
  let worker: ChildProcess | undefined;
  for (let file = files.shift(); file !== undefined; file = files.shift()) {
    worker ??= startWorker();
    const temporaryFolder = mkdtempSync(join(tmpdir(), 'certstate-test-'));
    const result = await runInWorker(worker, { file, temporaryFolder });
    const keepWorker = !isSlow(file) && result.complaints.length === 0;
    const leftRunning = !keepWorker && endWorker(worker);
    if (!keepWorker) worker = undefined;
    rmSync(temporaryFolder, { recursive: true, force: true });
    finished(leftRunning ? { ...result, complaints: [...result.complaints, 'left a process running'] } : result);
  }
  if (worker !== undefined) endWorker(worker);
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
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), files.length) }, () => takeFiles(files, finished)));
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
    for (const worker of running) endWorker(worker);
    process.exit(1);
  });
}
await main();
