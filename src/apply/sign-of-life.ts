import { Interrupted } from './apply-problem.ts';

/** After these times in milliseconds, and then every last of them, a long step says that it is still at it. */
const [first, every] = [1_000, 10_000] as const;

/**
 * Waits for a long step. `stillAtIt` is called after a second and then every ten seconds; an abort ends the waiting with `Interrupted`, not the step,
 * which has no way to be stopped and whose result nobody takes then.
 */
export async function withSignOfLife<Value>(step: Promise<Value>, stillAtIt: () => void, signal: AbortSignal): Promise<Value> {
  let timer = setTimeout(tick, first);
  function tick(): void {
    stillAtIt();
    timer = setTimeout(tick, every);
  }
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(new Interrupted());
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([step, aborted]);
  } finally {
    clearTimeout(timer);
    if (stop) signal.removeEventListener('abort', stop);
  }
}
