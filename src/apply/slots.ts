/** Lets at most `count` bodies run at a time, in the order in which they asked. */
export function slots(count: number): <Value>(body: () => Promise<Value>) => Promise<Value> {
  const waiting: (() => void)[] = [];
  let free = Math.max(1, count);
  return async (body) => {
    if (free === 0) await new Promise<void>((resolve) => waiting.push(resolve));
    else free -= 1;
    try {
      return await body();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}
