/** Long work, during which somebody wants to hear that we are alive. */

/**
 * Says so each second for as long as the work goes on. Only for work of which every step has a time limit of its own (a reload, a gate, a lock): what hangs for
 * ever would be called alive for ever; and a program that computes for ever says nothing, because no timer comes to its turn.
 */
export async function whileWorking<Value>(alive: () => void, work: Promise<Value>): Promise<Value> {
  const beat = setInterval(alive, 1000);
  try {
    return await work;
  } finally {
    clearInterval(beat);
  }
}
