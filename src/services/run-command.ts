/** Runs one command of a service, or does what goes without saying for its kind, and says in words how it went. */
import type { DesiredService } from '../domain/desired-state.ts';
import { commandOf, type ServiceVerb } from '../domain/service-commands.ts';
import type { ServiceFailure } from '../domain/service-outcome.ts';
import { type Telling, tellingOf } from '../domain/telling.ts';
import type { ProcessEnd, ProcessLimits } from '../ports/process-runner.ts';
import { lookForStaticPod, type PodContext, restartStaticPod } from './static-pod.ts';

/** A restart may take its time; a reload that hangs must not take ours. */
export const commandLimits: ProcessLimits = { milliseconds: 120_000, outputBytes: 64 * 1024 };

export interface CommandContext extends PodContext {
  readonly limits?: ProcessLimits | undefined;
  /** The user that commands are run as, by name; undefined where the host has none of that name. */
  readonly userOf: (name: string) => ProcessLimits['user'];
}

export type CommandResult =
  | { readonly result: 'ok' }
  /** It does not run here. */
  | { readonly result: 'absent' }
  | (Telling & {
      readonly result: 'failed';
      readonly failure: ServiceFailure;
      readonly detail: string;
      readonly output: string;
    });

/** Undefined where nothing is to be done for the service. */
export async function runCommand(service: DesiredService, verb: ServiceVerb, context: CommandContext): Promise<CommandResult | undefined> {
  const command = commandOf(service, verb);
  if (!command) return undefined;
  const { runner, userOf, signal } = context;
  const { milliseconds: usual, outputBytes } = context.limits ?? commandLimits;
  const milliseconds = service.timeout === undefined ? usual : service.timeout * 1000;
  if (command.staticPod !== undefined) {
    const done = await (verb === 'activeIf' ? lookForStaticPod : restartStaticPod)(command.staticPod, milliseconds, context);
    return done.result === 'failed' ? { ...done, ...tellingOf(command) } : done;
  }
  const { argv, user: name } = command;
  const user = name === undefined ? undefined : userOf(name);
  if (name !== undefined && !user)
    return { result: 'failed', argv, failure: 'unknown-user', detail: `this host has no user ${name} to run it as`, output: '' };
  const limits = { milliseconds, outputBytes, user };
  const end = await runner.run(argv, limits, signal);
  if (end.end === 'exited' && end.code === 0) return { result: 'ok' };
  const why = signal.aborted ? { failure: 'interrupted' as const, detail: 'interrupted' } : failureOf(end, limits, name);
  return { result: 'failed', argv, ...why, output: 'output' in end ? end.output : '' };
}

export type Failure = { readonly failure: ServiceFailure; readonly detail: string };

/** Why a command has not succeeded, in words. */
export function failureOf(end: ProcessEnd, limits: ProcessLimits, user: string | undefined): Failure {
  switch (end.end) {
    case 'exited':
      return { failure: 'exit-code', detail: `exit code ${end.code}` };
    case 'signalled':
      return { failure: 'signal', detail: `ended by ${end.signal}` };
    case 'timed-out':
      return { failure: 'timed-out', detail: `not finished after ${limits.milliseconds / 1000} s` };
    case 'not-started': {
      const words = end.cause === 'EPERM' && user !== undefined ? `only root may run it as ${user}` : notStarted[end.cause];
      return { failure: 'not-started', detail: words ? `${words} (${end.cause})` : end.cause };
    }
  }
}

/** Why the system would not begin a program, and what that asks for. */
const notStarted: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such program, or not the one that its first line names: correct the command in the desired state',
  EACCES: 'it may not be run: make it executable (chmod +x), or correct the command in the desired state',
  ENOEXEC: 'the system cannot run it: a script needs a first line such as #!/bin/sh',
  ENOTDIR: 'something on the way to it is not a folder: correct the command in the desired state',
  E2BIG: 'its arguments are too long',
};
