import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import process from 'node:process';
import type { ProcessEnd, ProcessLimits, ProcessRunner } from '../ports/process-runner.ts';

/** The system's own programs and the operator's: never the working directory, never what our caller put in front. */
const searchPath = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** Nothing of our environment is passed on: it may hold credentials, or change what the program loads. */
const environment = { PATH: searchPath.join(':'), LANG: 'C.UTF-8', HOME: '/' };

/** How long a group has between SIGTERM and SIGKILL. */
const graceMilliseconds = 2000;
/** How long a program that has ended may still be read from. */
const lastWordsMilliseconds = 200;

/** Programs of the operator's, each in a process group of its own, so that what it started ends with it. */
export const nodeProcessRunner: ProcessRunner = {
  run([program, ...words], limits, signal) {
    const path = program.includes('/') ? program : searchPath.map((folder) => `${folder}/${program}`).find(isExecutable);
    if (path === undefined) return Promise.resolve({ end: 'not-started', cause: `${program} is not in ${environment.PATH}` });
    // Node opens its own descriptors close-on-exec, so the child has its three and no other.
    // With a user of its own libuv drops every supplementary group of ours first; what we run as already is not asked of the system, which would refuse it.
    const { user } = limits;
    const as = user && (user.uid !== process.geteuid?.() || process.geteuid() === 0) ? user : {};
    try {
      return finished(
        spawn(path, words, {
          cwd: '/',
          env: environment,
          stdio: ['ignore', 'pipe', 'pipe'],
          detached: true,
          shell: false,
          ...as,
        }),
        limits,
        signal,
      );
    } catch (error) {
      // Of some refusals (E2BIG, EACCES of the working folder) the call itself tells.
      const { code } = error as NodeJS.ErrnoException;
      if (code === undefined || code.startsWith('ERR_')) throw error;
      return Promise.resolve({ end: 'not-started', cause: code });
    }
  },
};

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function finished(
  child: ChildProcess,
  { milliseconds, outputBytes, answerBytes }: ProcessLimits,
  signal: AbortSignal | undefined,
): Promise<ProcessEnd> {
  return new Promise((resolve) => {
    const output = tail(outputBytes);
    const answer = answerBytes === undefined ? undefined : whole(answerBytes);
    child.stdout?.on('data', answer?.take ?? output.take);
    child.stderr?.on('data', output.take);
    let timedOut = false;
    let killer: NodeJS.Timeout | undefined;
    const endGroup = () => {
      signalGroup(child, 'SIGTERM');
      killer ??= setTimeout(() => signalGroup(child, 'SIGKILL'), graceMilliseconds);
    };
    const timer = setTimeout(() => {
      timedOut = true;
      endGroup();
    }, milliseconds);
    const end = (result: ProcessEnd) => {
      clearTimeout(timer);
      clearTimeout(killer);
      signal?.removeEventListener('abort', endGroup);
      resolve(result);
    };
    signal?.addEventListener('abort', endGroup, { once: true });
    if (signal?.aborted) endGroup();
    child.once('error', (error: NodeJS.ErrnoException) => end({ end: 'not-started', cause: error.code ?? 'unknown' }));
    // What it said last may not have been read yet when it ends; but a daemon that it leaves behind keeps our pipes open for ever.
    child.once('exit', (code, name) => {
      const settle = () => {
        clearTimeout(lastWords);
        child.off('close', settle);
        child.stdout?.destroy();
        child.stderr?.destroy();
        if (timedOut) {
          signalGroup(child, 'SIGKILL');
          return end({ end: 'timed-out', output: output.text() });
        }
        end(
          code === null
            ? { end: 'signalled', signal: name ?? 'unknown', output: output.text() }
            : { end: 'exited', code, output: output.text(), ...(answer && { answer: answer.bytes() }) },
        );
      };
      const lastWords = setTimeout(settle, lastWordsMilliseconds);
      child.once('close', settle);
    });
  });
}

/** The group has the number of its first process; it may be gone already. */
function signalGroup({ pid }: ChildProcess, name: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** All bytes of a stream, or nothing of one that is longer. */
function whole(limit: number): { readonly take: (chunk: Buffer) => void; readonly bytes: () => Uint8Array | undefined } {
  let [kept, length]: [Buffer[], number] = [[], 0];
  return {
    take(chunk) {
      length += chunk.length;
      if (length > limit) kept = [];
      else kept.push(chunk);
    },
    bytes: () => (length > limit ? undefined : Buffer.concat(kept)),
  };
}

/** The last bytes of a stream that may be endless. */
function tail(limit: number): { readonly take: (chunk: Buffer) => void; readonly text: () => string } {
  let kept = Buffer.alloc(0);
  return {
    take(chunk) {
      kept = Buffer.concat([kept, chunk]).subarray(-limit);
    },
    text: () => kept.toString('utf8'),
  };
}
