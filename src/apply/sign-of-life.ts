import { Interrupted } from './apply-problem.ts';

/** When a long step first says that it is still at it, and how often from then on; milliseconds. */
const usualPace = { first: 1_000, every: 10_000 } as const;

/**
 * Waits for a long step. `stillAtIt` is called after a second and then every ten seconds; an abort ends the waiting with `Interrupted`, not the step,
 * which has no way to be stopped and whose result nobody takes then.
 */
export async function withSignOfLife<Value>(
  step: Promise<Value>,
  stillAtIt: () => void,
  signal: AbortSignal,
  pace: { readonly first: number; readonly every: number } = usualPace,
): Promise<Value> {
  let timer = setTimeout(tick, pace.first);
  function tick(): void {
    stillAtIt();
    timer = setTimeout(tick, pace.every);
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
