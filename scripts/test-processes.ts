/** The processes test files run in. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { reportMark, type TestOrder, type TestReport } from './test-report.ts';

export interface FileResult extends TestReport {
  readonly file: string;
  readonly output: string;
  readonly milliseconds: number;
  /** It did not come to its end, so its process is of no further use. */
  readonly broken: boolean;
}

const workerScript = fileURLToPath(new URL('./test-worker.ts', import.meta.url));
/** All that would have to be ended if we were. */
export const running = new Set<ChildProcess>();

/** A worker is a process group of its own, so that whatever its tests started ends with it. */
export function startWorker(): ChildProcess {
  const worker = spawn(process.execPath, ['--import', 'tsx', workerScript], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], detached: true });
  worker.stdout?.setEncoding('utf8');
  worker.stderr?.setEncoding('utf8');
  running.add(worker);
  return worker;
}

/** Lets a worker end by itself, so that its coverage is written, then ends whatever is left of its group. Tells whether there was anything. */
export async function endWorker(worker: ChildProcess): Promise<boolean> {
  if (worker.connected) {
    const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    worker.disconnect();
    await Promise.race([ended, sleep(3000, undefined, { ref: false })]);
  }
  return killWorker(worker);
}

/** Ends a worker and everything it started, at once. */
export function killWorker(worker: ChildProcess): boolean {
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

export function runInWorker(worker: ChildProcess, order: TestOrder, seconds: number): Promise<FileResult> {
  const { file } = order;
  const started = performance.now();
  let output = '';
  return new Promise((done) => {
    const finish = (report: TestReport, broken = false): void => {
      clearTimeout(timer);
      worker.stdout?.off('data', read);
      worker.stderr?.off('data', read);
      worker.off('close', closed);
      done({ ...report, file, output, milliseconds: performance.now() - started, broken });
    };
    const giveUp = (complaint: string): void => finish({ passed: 0, failed: 1, skipped: 0, complaints: [complaint] }, true);
    const read = (text: string): void => {
      output += text;
      const mark = output.indexOf(reportMark);
      if (mark === -1 || !output.endsWith('\n')) return;
      const report = JSON.parse(output.slice(mark + reportMark.length)) as TestReport;
      output = output.slice(0, mark);
      finish(report);
    };
    const closed = (code: number | null, signal: string | null): void =>
      giveUp(`ended its process (${signal ?? code}) before all tests had run`);
    const timer = setTimeout(() => giveUp(`did not end within ${seconds} seconds`), seconds * 1000);
    worker.stdout?.on('data', read);
    worker.stderr?.on('data', read);
    worker.on('close', closed);
    worker.send(order);
  });
}
