/** Asks the program of a gate whether something may be done now. */
import type { DesiredGate } from '../domain/windows.ts';
import { type CommandContext, commandLimits, failureOf } from './run-command.ts';

/** EX_TEMPFAIL of sysexits.h. */
export const notNow = 75;

export type GateAnswer =
  | { readonly answer: 'go' }
  | { readonly answer: 'not-now' /** The last line that it printed: the reason, as far as it says one. */; readonly reason: string }
  /** It gave none: what happened in words, and the end of what it printed. */
  | { readonly answer: 'none'; readonly detail: string; readonly output: string };

/** Run as the commands of services are: no shell, nothing of our environment, its whole process group ended when its time is over. */
export async function askGate(
  gate: DesiredGate,
  { runner, userOf, signal }: Pick<CommandContext, 'runner' | 'userOf' | 'signal'>,
): Promise<GateAnswer> {
  const [program, ...words] = gate.command;
  if (program === undefined) return { answer: 'none', detail: 'it names no program', output: '' };
  const user = gate.user === undefined ? undefined : userOf(gate.user);
  if (gate.user !== undefined && !user) return { answer: 'none', detail: `this host has no user ${gate.user} to run it as`, output: '' };
  const milliseconds = gate.timeout === undefined ? commandLimits.milliseconds : gate.timeout * 1000;
  const limits = { ...commandLimits, milliseconds, user };
  const end = await runner.run([program, ...words], limits, signal);
  const output = 'output' in end ? end.output : '';
  if (end.end === 'exited' && end.code === 0) return { answer: 'go' };
  if (end.end === 'exited' && end.code === notNow) return { answer: 'not-now', reason: lastLine(output) };
  return { answer: 'none', detail: failureOf(end, limits, gate.user).detail, output };
}

const lastLine = (output: string): string => output.trim().split('\n').at(-1)?.trim().slice(0, 200) ?? '';
