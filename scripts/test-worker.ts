/**
 * Runs the test files the runner sends, one after the other, with uvu's own `exec`, and shuts the doors through which uvu lets a file pass
 * without testing: hooks that throw, a forgotten `run()`, tests registered after it, `only`, `skip`. Shared state must be left as it was found.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { skippedTests } from '../test/support/needs.ts';
import { reportMark, type TestOrder, type TestReport } from './test-report.ts';

/** uvu's queue: groups of a name followed by suites; a suite answers [failures or true, passed, skipped, registered]. */
type SuiteRun = () => Promise<[string | true, number, number, number]>;
declare global {
  var UVU_QUEUE: [string | null, ...SuiteRun[]][];
  var UVU_DEFER: unknown;
  var UVU_INDEX: number;
}

globalThis.UVU_DEFER = 1; // read when uvu is loaded: suites wait for our exec
const { exec } = await import('uvu');
// One stream, so that what a test prints, uvu's lines and the report keep their order.
process.stderr.write = process.stdout.write.bind(process.stdout);

process.on('message', (order: TestOrder) => {
  runFile(order).then(
    (report) => process.stdout.write(`${reportMark}${JSON.stringify(report)}\n`),
    (error: unknown) => {
      process.stdout.write(`${error instanceof Error ? error.stack : String(error)}\n`);
      process.stdout.write(
        `${reportMark}${JSON.stringify({ passed: 0, failed: 1, skipped: 0, complaints: ['the file could not be run'] })}\n`,
      );
    },
  );
});
process.on('disconnect', () => process.exit());

async function runFile({ file, temporaryFolder }: TestOrder): Promise<TestReport> {
  const complaints = complaintsAboutText(readFileSync(file, 'utf8'));
  const group: [string | null, ...SuiteRun[]] = [null];
  globalThis.UVU_QUEUE.splice(0, Infinity, group);
  globalThis.UVU_INDEX = 0;
  skippedTests.length = 0;

  const asFound = sharedState();
  process.env['TMPDIR'] = temporaryFolder; // whatever stays in there was not cleaned up
  try {
    await import(pathToFileURL(file).href);
    if (group.length === 1 && skippedTests.length === 0) complaints.push('registered nothing: it has no test, or forgets test.run()');
    const skippedWhole = skippedTests.length;
    const counts = await runSuites(group, complaints);
    const skipped = skippedTests.length;
    for (const name of readdirSync(temporaryFolder))
      if (!/^(?:tsx-.*|node-compile-cache)$/.test(name)) complaints.push(`left ${name} in the temporary folder`);
    return { passed: counts.passed - (skipped - skippedWhole), failed: counts.failed, skipped, complaints };
  } finally {
    complaints.push(...putBack(asFound));
  }
}

async function runSuites(group: [string | null, ...SuiteRun[]], complaints: string[]): Promise<{ passed: number; failed: number }> {
  const totals = { passed: 0, failed: 0 };
  const watched = group.slice(1).map(
    (suite, index): SuiteRun =>
      async () => {
        const result = await (suite as SuiteRun)();
        const [failures, passed, left, registered] = result;
        totals.passed += passed;
        totals.failed += registered - passed;
        if (registered === 0 && skippedTests.length === 0) complaints.push(`suite ${index + 1} has no test`);
        // A hook that throws ends a suite early and quietly: fewer passed than registered, yet no failure is told.
        if (failures === true && passed < registered)
          complaints.push(`suite ${index + 1} ran ${passed} of ${registered} tests without reporting a failure: a hook threw`);
        if (left > 0) complaints.push(`suite ${index + 1} left out ${left} tests: only or skip`);
        return result;
      },
  );
  group.splice(1, Infinity, ...watched);
  try {
    await exec();
  } catch (error) {
    complaints.push(`a hook threw after the tests: ${error instanceof Error ? error.message : String(error)}`);
  }
  return totals;
}

/** What uvu forgets without a trace: a suite that never runs beside one that does, and tests registered after their suite's `run()`. */
function complaintsAboutText(text: string): string[] {
  const complaints: string[] = [];
  const names = [...text.matchAll(/^const (\w+) = suite(?:<.*>)?\(/gm)].map(([, name]) => name as string);
  for (const name of names) {
    const run = text.lastIndexOf(`\n${name}.run();`);
    if (run === -1) complaints.push(`${name}.run() is missing at the end`);
    else if (text.indexOf(`\n${name}(`, run) !== -1) complaints.push(`tests after ${name}.run() are never run`);
  }
  return complaints;
}

interface SharedState {
  readonly umask: number;
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const sharedState = (): SharedState => ({ umask: process.umask(), folder: process.cwd(), environment: { ...process.env } });

/** Restores what the next file relies on, and tells what had been changed. */
function putBack(asFound: SharedState): string[] {
  const complaints: string[] = [];
  if (process.umask(asFound.umask) !== asFound.umask) complaints.push('left another umask behind');
  if (process.cwd() !== asFound.folder) {
    process.chdir(asFound.folder);
    complaints.push('left another working directory behind');
  }
  for (const name of new Set([...Object.keys(asFound.environment), ...Object.keys(process.env)])) {
    const value = asFound.environment[name];
    if (process.env[name] === value) continue;
    if (name !== 'TMPDIR') complaints.push(`left another ${name} in the environment`); // TMPDIR is ours
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  return complaints;
}
