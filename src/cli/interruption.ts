/** The first Ctrl-C finishes what is being published, the second ends at once. */
import process from 'node:process';
import { type ExitCode, exitCodes } from './exit-codes.ts';

export interface Interruption {
  readonly signal: AbortSignal;
  readonly signalName: () => 'SIGINT' | 'SIGTERM' | undefined;
  /** The exit code of a run that ended because of it. */
  readonly exit: () => ExitCode;
  readonly stop: () => void;
}

/** `say` tells whoever pressed Ctrl-C why it is not over at once. */
export function listenForSignals(say: (text: string) => void): Interruption {
  const controller = new AbortController();
  let first: 'SIGINT' | 'SIGTERM' | undefined;
  const onSignal = (name: 'SIGINT' | 'SIGTERM') => {
    // Publishing is synchronous, so between two turns of the event loop nothing is half-written: it is safe to go.
    if (first) process.exit(exitOf(name));
    first = name;
    say('\nfinishing what is being written, then stopping (again = stop now)\n');
    controller.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  const stop = () => {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  };
  return { signal: controller.signal, signalName: () => first, exit: () => exitOf(first), stop };
}

const exitOf = (signal: 'SIGINT' | 'SIGTERM' | undefined): ExitCode =>
  signal === 'SIGTERM' ? exitCodes.terminated : exitCodes.interrupted;
