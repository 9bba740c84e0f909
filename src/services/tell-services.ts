/** Tells services that their files have changed: each once in a pass, however many of its files changed, after those it comes after; and looks whether it helped. */
import type { DesiredService } from '../domain/desired-state.ts';
import { commandOf } from '../domain/service-commands.ts';
import { mostTimes, type NotServed, type PendingService, type ServiceOutcome } from '../domain/service-outcome.ts';
import { type Telling, tellingOf } from '../domain/telling.ts';
import { type CommandContext, type CommandResult, runCommand } from './run-command.ts';
import { serviceOrder } from './service-order.ts';
import { type Expected, type Looking, notServed } from './verify-served.ts';

export interface TellRequest extends CommandContext {
  readonly pending: readonly PendingService[];
  readonly services: readonly DesiredService[];
  /** What each service should serve, by its name; none for a service without a probe. */
  readonly expectedOf: (service: string) => readonly Expected[];
  readonly look: Looking['look'];
  /** How often it may be told now, at least once; `mostTimes` where this is absent. */
  readonly timesLeft?: ((service: string, telling: Telling) => number) | undefined;
  readonly onStart: (service: string, telling: Telling) => void;
  readonly onEnd: (outcome: ServiceOutcome) => void;
}

/** One outcome for each service that was pending. A failure holds back only the services that come after it. */
export async function tellServices(request: TellRequest): Promise<readonly ServiceOutcome[]> {
  const outcomes = new Map<string, ServiceOutcome>();
  const wanted = strongest(request.pending);
  for (const service of serviceOrder(request.services)) {
    const when = wanted.get(service.name);
    if (when === undefined) continue;
    const failed = service.after.find((name) => holdsBack.has(outcomes.get(name)?.result ?? 'served'));
    const outcome: ServiceOutcome =
      failed === undefined ? await tell(service, when, request) : { result: 'held-back', service: service.name, when, because: failed };
    outcomes.set(service.name, outcome);
    request.onEnd(outcome);
  }
  const gone = [...wanted].filter(([name]) => !outcomes.has(name));
  for (const [service, when] of gone) outcomes.set(service, { result: 'skipped', service, when, because: 'no-command' });
  return [...outcomes.values()];
}

/** Who comes after a service needs it to be there. One that is stale is there. */
const holdsBack: ReadonlySet<ServiceOutcome['result']> = new Set(['failed', 'held-back', 'unreachable']);

/** Whoever restarts because its trust changed reads its own pair again too. */
function strongest(pending: readonly PendingService[]): ReadonlyMap<string, PendingService['when']> {
  const wanted = new Map<string, PendingService['when']>();
  for (const { service, when } of pending) if (wanted.get(service) !== 'trust-change') wanted.set(service, when);
  return wanted;
}

async function tell(service: DesiredService, when: PendingService['when'], request: TellRequest): Promise<ServiceOutcome> {
  const { clock, pause, look, onStart, signal } = request;
  const verb = when === 'reload' ? 'reload' : 'onTrustChange';
  const command = commandOf(service, verb);
  const expected = request.expectedOf(service.name);
  const about = { service: service.name, when, argv: null, ...(command && tellingOf(command)) };
  if (!command && (when !== 'reload' || expected.length === 0)) return { ...about, result: 'skipped', because: 'no-command' };
  if (await isStopped(service, request, command !== undefined)) return { ...about, result: 'skipped', because: 'not-active' };
  const start = clock.elapsed();
  const took = (): number => Math.round(clock.elapsed() - start);
  const looking = { look, pause, clock, signal };
  if (!command) {
    const missing = await notServed(expected, looking, true);
    // Nobody listens, and nobody was told to stop: it is not running, and reads the new files when it starts.
    if (missing.length > 0 && missing.every(({ served }) => served.state === 'failed' && served.failure === 'refused'))
      return { ...about, result: 'skipped', because: 'not-active' };
    return verified({ ...about, milliseconds: took() }, expected, missing, 0);
  }
  const most = request.timesLeft?.(service.name, tellingOf(command)) ?? mostTimes;
  for (let times = 1; ; times += 1) {
    onStart(service.name, tellingOf(command));
    const test = await runCommand(service, 'test', request);
    const done = test?.result === 'failed' ? asTest(test) : await runCommand(service, verb, request);
    if (done?.result === 'failed') return { ...done, service: service.name, when, milliseconds: took() };
    if (done?.result === 'absent') return { ...about, result: 'skipped', because: 'not-active' };
    const missing = await notServed(expected, looking, true);
    const isStale = missing.length > 0 && missing.every(({ served }) => served.state === 'served');
    if (!isStale || times >= most || signal.aborted) return verified({ ...about, milliseconds: took() }, expected, missing, times);
  }
}

/** A service whose activity cannot be asked is told all the same; one that would only be looked at is left alone then. */
async function isStopped(service: DesiredService, request: TellRequest, isTold: boolean): Promise<boolean> {
  const asked = await runCommand(service, 'activeIf', request);
  if (asked === undefined || asked.result === 'ok') return false;
  // An exit code is what a program of the YAML says no with; crictl says by it that it could not look.
  return asked.result === 'absent' || (asked.failure === 'exit-code' && asked.staticPod === undefined) || !isTold;
}

type Failed = Extract<CommandResult, { result: 'failed' }>;

/** A test that ran and said no is its own failure. */
const asTest = (failed: Failed): Failed => (failed.failure === 'exit-code' ? { ...failed, failure: 'test-failed' } : failed);

type About = Pick<Extract<ServiceOutcome, { result: 'served' }>, 'service' | 'when' | 'argv' | 'staticPod' | 'milliseconds'>;

function verified(about: About, expected: readonly Expected[], missing: readonly NotServed[], times: number): ServiceOutcome {
  if (expected.length === 0) return { ...about, result: 'unverified' };
  const [first, ...more] = missing;
  if (!first) return { ...about, result: 'served', endpoints: [...new Set(expected.map(({ endpoint }) => endpoint))] };
  const certificates = expected.map(({ onDisk }) => onDisk.sha256).sort();
  const result = missing.some(({ served }) => served.state === 'failed') ? 'unreachable' : 'stale';
  return { ...about, result, notServed: [first, ...more], certificates, times };
}
