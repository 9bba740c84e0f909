/** Tells services that their files have changed: each once in a pass, however many of its files changed, after those it comes after. */
import type { DesiredService } from '../domain/desired-state.ts';
import type { PendingService, ServiceFailure, ServiceOutcome } from '../domain/service-outcome.ts';
import type { Clock } from '../ports/clock.ts';
import type { ProcessEnd, ProcessLimits, ProcessRunner } from '../ports/process-runner.ts';
import { serviceOrder } from './service-order.ts';

/** A restart may take its time; a reload that hangs must not take ours. */
export const commandLimits: ProcessLimits = { milliseconds: 120_000, outputBytes: 64 * 1024 };

export interface TellRequest {
  readonly pending: readonly PendingService[];
  readonly services: readonly DesiredService[];
  readonly runner: ProcessRunner;
  readonly clock: Clock;
  readonly limits?: ProcessLimits;
  readonly onStart: (service: string, argv: readonly string[]) => void;
  readonly onEnd: (outcome: ServiceOutcome) => void;
  readonly signal: AbortSignal;
}

/** One outcome for each service that was pending. A failure holds back only the services that come after it. */
export async function tellServices(request: TellRequest): Promise<readonly ServiceOutcome[]> {
  const outcomes = new Map<string, ServiceOutcome>();
  const wanted = strongest(request.pending);
  for (const service of serviceOrder(request.services)) {
    const when = wanted.get(service.name);
    if (when === undefined) continue;
    const failed = service.after.find((name) => ['failed', 'held-back'].includes(outcomes.get(name)?.result ?? ''));
    const outcome: ServiceOutcome =
      failed === undefined ? await tell(service, when, request) : { result: 'held-back', service: service.name, when, because: failed };
    outcomes.set(service.name, outcome);
    request.onEnd(outcome);
  }
  const gone = [...wanted].filter(([name]) => !outcomes.has(name));
  for (const [service, when] of gone) outcomes.set(service, { result: 'skipped', service, when, because: 'no-command' });
  return [...outcomes.values()];
}

/** Whoever restarts because its trust changed reads its own pair again too. */
function strongest(pending: readonly PendingService[]): ReadonlyMap<string, PendingService['when']> {
  const wanted = new Map<string, PendingService['when']>();
  for (const { service, when } of pending) if (wanted.get(service) !== 'trust-change') wanted.set(service, when);
  return wanted;
}

async function tell(service: DesiredService, when: PendingService['when'], request: TellRequest): Promise<ServiceOutcome> {
  const { runner, clock, limits = commandLimits, onStart, signal } = request;
  const { name } = service;
  const argv = when === 'reload' ? service.reload : service.onTrustChange;
  if (!isCommand(argv)) return { result: 'skipped', service: name, when, because: 'no-command' };
  if (isCommand(service.activeIf)) {
    const active = await runner.run(service.activeIf, limits, signal);
    if (active.end === 'exited' && active.code !== 0) return { result: 'skipped', service: name, when, because: 'not-active' };
  }
  onStart(name, argv);
  const start = clock.elapsed();
  const end = await runner.run(argv, limits, signal);
  const milliseconds = Math.round(clock.elapsed() - start);
  if (end.end === 'exited' && end.code === 0) return { result: 'done', service: name, when, argv, milliseconds };
  const { failure, detail } = signal.aborted ? { failure: 'interrupted' as const, detail: 'interrupted' } : failureOf(end, limits);
  return { result: 'failed', service: name, when, argv, failure, detail, output: 'output' in end ? end.output : '', milliseconds };
}

const isCommand = (argv: readonly string[] | undefined): argv is readonly [string, ...string[]] => argv !== undefined && argv.length > 0;

function failureOf(end: ProcessEnd, limits: ProcessLimits): { readonly failure: ServiceFailure; readonly detail: string } {
  switch (end.end) {
    case 'exited':
      return { failure: 'exit-code', detail: `exit code ${end.code}` };
    case 'signalled':
      return { failure: 'signal', detail: `ended by ${end.signal}` };
    case 'timed-out':
      return { failure: 'timed-out', detail: `not finished after ${limits.milliseconds / 1000} s` };
    case 'not-started':
      return { failure: 'not-started', detail: notStarted[end.cause] ? `${notStarted[end.cause]} (${end.cause})` : end.cause };
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
