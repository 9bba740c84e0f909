/** `certstate watch`: tells what drifts and what is due as it happens; with `--apply` it does what `renew` does, as it happens. */
import { posix } from 'node:path';
import process from 'node:process';
import { type Duration, parseDuration, seconds } from '../domain/time.ts';
import { sinceBoot } from '../node/node-clock.ts';
import { nodeFileEvents } from '../node/node-file-events.ts';
import { nodeFileGlance } from '../node/node-file-glance.ts';
import { keepHeapSmall } from '../node/small-heap.ts';
import { machineOf } from '../reconcile/machine.ts';
import { repairing } from '../watch/repairing.ts';
import { startWatch } from '../watch/watch-loop.ts';
import { eventStream } from './event-stream.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { lockWishOf } from './lock-wish.ts';
import { parallelismOf } from './parallelism.ts';
import { mustBeKnown } from './planned.ts';
import { refuse } from './refusals.ts';
import type { Command } from './run.ts';
import { mustHaveRoot, planOptionsOf, scopeOf } from './scope.ts';
import { serviceManagerOf } from './service-manager.ts';
import { doesOf } from './unattended.ts';
import { UsageError } from './usage-error.ts';
import { watchConditions } from './watch-conditions.ts';
import { type WatchOutput, watchOutputFor } from './watch-output.ts';
import { whileWorking } from './while-working.ts';

export const watchCommand: Command = async (run) => {
  keepHeapSmall();
  const scope = scopeOf(run);
  mustHaveRoot(run, scope);
  const poll = durationOf('--poll', run.options.poll);
  if (poll !== undefined && run.options.interval !== undefined)
    throw new UsageError(
      '--interval and --poll say two things about how often everything is looked at',
      'leave --interval out: --poll says it',
    );
  const interval = poll ?? durationOf('--interval', run.options.interval) ?? seconds(60);
  const does = doesOf(run.options.apply);
  const output = watchOutputFor(run, eventStream(run), { does, hears: poll === undefined });
  const manager = serviceManagerOf(run);
  const stopping = new AbortController();
  const conditions = watchConditions({
    run,
    scope,
    applies: does !== undefined,
    knowsHearing: run.options.once !== true,
    signal: stopping.signal,
    tell: output.tell,
  });
  const tell: WatchOutput['tell'] = (event) => {
    conditions.heard(event);
    output.tell(event);
    if (event.event === 'heartbeat') manager.looked();
  };
  const { alive } = manager;
  // `watch` judges by the hour at which `renew` acts on this machine.
  const options = { ...planOptionsOf(run, scope.root), machine: machineOf(run.outside.reader, scope) };
  const repair = repairing({
    environment: run.outside,
    scope,
    options,
    lock: lockWishOf(run, 'watch', stopping.signal, () => {}),
    parallelism: parallelismOf(run),
    tells: run.options.reload !== false,
    tell,
    kept: conditions.kept,
  });
  const watch = startWatch({
    environment: run.outside,
    scope,
    options,
    does,
    repair: (request) => whileWorking(alive, repair(request)),
    judge: conditions.judge,
    sinceBoot,
    textPaths: scope.paths.map((path) => posix.resolve(run.workingFolder, path)),
    interval,
    glance: nodeFileGlance,
    events: poll === undefined && !run.options.once ? nodeFileEvents : undefined,
    async ready(looker) {
      const pass = looker.last();
      if (pass) mustBeKnown(pass);
      output.begun(looker);
      await manager.ready();
    },
    tell,
    alive,
    once: run.options.once === true,
    signal: stopping.signal,
  });
  const lookAgain = () => {
    manager.reloading();
    watch.lookAgain();
  };
  return listening({ lookAgain, stop: () => stopping.abort(), output }, async () => {
    const { broken } = await watch.end;
    if (broken) return refuse(run, broken.diagnostics, broken.texts, 'nothing is watched');
    await manager.stopping();
    output.ended(exitCodes.ok);
    return exitCodes.ok;
  });
};

interface Wishes {
  readonly lookAgain: () => void;
  readonly stop: () => void;
  readonly output: WatchOutput;
}

/** Whatever is written can be interrupted anywhere, and is completed by whoever comes next: the second signal may end it at once. */
async function listening({ lookAgain, stop, output }: Wishes, body: () => Promise<ExitCode>): Promise<ExitCode> {
  let stopped = false;
  const end = () => {
    if (stopped) process.exit(exitCodes.ok);
    stopped = true;
    stop();
  };
  const listeners = { SIGHUP: lookAgain, SIGINT: end, SIGTERM: end, SIGUSR1: output.status } as const;
  for (const [name, listener] of Object.entries(listeners)) process.on(name, listener);
  try {
    return await body();
  } finally {
    for (const [name, listener] of Object.entries(listeners)) process.off(name, listener);
  }
}

function durationOf(flag: string, text: string | undefined): Duration | undefined {
  if (text === undefined) return undefined;
  const duration = parseDuration(text);
  if (duration === undefined || duration === 0) throw new UsageError(`${flag} ${text} is not a length of time`, `for example ${flag} 60s`);
  return duration;
}
