/** The program as it is started. */
import { hostname } from 'node:os';
import process from 'node:process';
import { exitCodes } from './exit-codes.ts';
import { version } from './version.ts';

/** Modes are set by descriptor; the umask only guards what we might overlook. */
process.umask(0o077);
// Without a listener of ours, SIGUSR1 makes Node open its inspector on a loopback port: not in a process that holds keys.
process.on('SIGUSR1', () => {});
// Whoever reads our output may go before we are done (`| head`): that is no error, and no reason to stop half-way.
for (const stream of [process.stdout, process.stderr]) stream.on('error', ignoreClosedPipe);

function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

async function main(): Promise<void> {
  const words = process.argv.slice(2);
  if (words.length === 1 && (words[0] === '--version' || words[0] === '-V')) {
    process.stdout.write(`certstate ${version}\n`);
    return;
  }
  const { runProgram } = await import('./program.ts');
  const streams = { stdin: process.stdin, stdout: process.stdout, stderr: process.stderr, environment: process.env };
  const ids = { uid: process.geteuid?.() ?? -1, gid: process.getegid?.() ?? -1 };
  process.exitCode = await runProgram(words, { streams, process: ids, workingFolder: process.cwd(), hostName: hostname() });
}

main().catch((error: unknown) => {
  const debug = process.argv.includes('--debug');
  const what = error instanceof Error ? (debug ? error.stack : error.message) : String(error);
  process.stderr.write(
    `error[internal-error]: this is a bug in certstate ${version}: ${what}\n  = note: Node ${process.version}; what was published before is complete, nothing is half-written\n  = help: ${debug ? 'please report it with the lines above' : 'run it again with --debug for the stack, and please report it'}\n`,
  );
  process.exitCode = exitCodes.error;
});
