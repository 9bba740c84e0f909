/** The program as it is started. */
import { hostname } from 'node:os';
import process from 'node:process';
import { asksForJson } from './asks-for-json.ts';
import { exitCodes } from './exit-codes.ts';
import { version } from './version.ts';

/** Modes are set by descriptor; the umask only guards what we might overlook. */
process.umask(0o077);
// Without a listener of ours, SIGUSR1 makes Node open its inspector on a loopback port: not in a process that holds keys.
process.on('SIGUSR1', () => {});
// Output that cannot be written is no reason to stop half-way: what was begun on disk is finished.
process.stdout.on('error', sayUnwritten);
process.stderr.on('error', () => {});

/** Whoever reads our output may go before we are done (`| head`): that is no error. A full disk is one, for whoever relies on what was written. */
function sayUnwritten({ code, message }: NodeJS.ErrnoException): void {
  if (code === 'EPIPE') return;
  process.stderr.write(`error[report-unwritable]: standard output cannot be written: ${message}\n`);
  process.on('exit', (exit) => {
    // Neither "done" nor a verdict that nobody could read; what an apply came to is still worth more.
    if (exit === exitCodes.ok || exit === exitCodes.changes) process.exitCode = exitCodes.error;
  });
}

async function main(): Promise<void> {
  const words = process.argv.slice(2);
  if (words.length === 1 && (words[0] === '--version' || words[0] === '-V')) {
    process.stdout.write(`certstate ${version}\n`);
    return;
  }
  const { runProgram } = await import('./program.ts');
  const streams = {
    get stdin(): NodeJS.ReadStream {
      return process.stdin; // opened when a question is asked, not before
    },
    stdout: process.stdout,
    stderr: process.stderr,
    environment: process.env,
  };
  const ids = { uid: process.geteuid?.() ?? -1, gid: process.getegid?.() ?? -1 };
  process.exitCode = await runProgram(words, { streams, process: ids, workingFolder: process.cwd(), hostName: hostname() });
}

main().catch(sayBug);

/** What was not foreseen. Without `--debug` no stack: a message is for the person who runs this, a stack for the one who mends it. */
async function sayBug(error: unknown): Promise<void> {
  process.exitCode = exitCodes.error;
  const debug = process.argv.includes('--debug');
  const what = error instanceof Error ? (debug ? error.stack : error.message) : String(error);
  const message = `this is a bug in certstate ${version}: ${what}`;
  const hint = debug ? 'please report it with the lines above' : 'run it again with --debug for the stack, and please report it';
  const note = `Node ${process.version}; what was published before is complete, nothing is half-written`;
  if (!asksForJson(process.argv.slice(2))) {
    process.stderr.write(`error[internal-error]: ${message}\n  = note: ${note}\n  = help: ${hint}\n`);
    return;
  }
  const [{ diagnosticsJson }, { jsonLine }, { tool }] = await Promise.all([
    import('../report/validate-json.ts'),
    import('../report/json-text.ts'),
    import('./tool.ts'),
  ]);
  const bug = { code: 'internal-error', severity: 'error', message, hint, notes: [note] } as const;
  process.stdout.write(jsonLine(diagnosticsJson([bug], { tool, files: [], resources: null })));
}
