/** Times by turns: whatever else the machine does meanwhile meets every contestant alike. */

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly runs: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((left, right) => left - right);
  const at = (index: number): number => sorted[index] ?? Number.NaN;
  const middle = (sorted.length - 1) / 2;
  return { median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2, min: at(0), max: at(sorted.length - 1), runs: sorted.length };
}

export const scaled = ({ median, min, max, runs }: Spread, factor: number): Spread => ({
  median: median * factor,
  min: min * factor,
  max: max * factor,
  runs,
});

/** Each contestant returns one figure; every second round goes backwards, so that nobody always runs behind the same neighbour. */
export function byTurns<Name extends string>(
  rounds: number,
  contestants: Readonly<Record<Name, () => number>>,
): Readonly<Record<Name, Spread>> {
  const names = Object.keys(contestants) as Name[];
  const figures = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = 0; round < rounds; round += 1) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) figures[name].push(contestants[name]());
  }
  return Object.fromEntries(names.map((name) => [name, spreadOf(figures[name])])) as Record<Name, Spread>;
}
