/** What watching costs: how long a change takes to be told, what an event and what rest take of the processor, and how much memory it comes to. */
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Spread, spreadOf } from './measure.ts';
import { runNode } from './run.ts';
import { writeDesiredState } from './sample.ts';
import { type Watched, whileWatched } from './watched.ts';
import type { Workplace } from './workplace.ts';
import type { Extent, Row } from './works.ts';

interface Measured {
  /** Milliseconds from a change to its event. */
  readonly latencies: readonly number[];
  /** Milliseconds of CPU for each event. */
  readonly perEvent: number;
  /** Milliseconds of CPU in a second in which nothing happens, with everything looked at once a minute. */
  readonly atRest: number;
  readonly megabytes: number;
}

/** A file whose time of change is younger than this is opened again. */
const settling = 3000;
const idleSeconds = 10;
/** An hour's worth: everything looked at once a minute, and a change in each second. */
const [looksInAnHour, changesBetween] = [60, 60];

export async function watching(place: Workplace, { rounds, watched }: Extent): Promise<readonly Row[]> {
  const measured = new Map<number, Measured>();
  for (const count of watched) measured.set(count, await measure(place, count, rounds.watch));
  const counts = [...measured.keys()];
  const [few = 0, many = 0] = [counts[0], counts.at(-1)];
  const named = (count: number): string => count.toLocaleString('en');
  const limit = (value: number) => ({ name: 'the limit', spread: spreadOf([value]) });
  const perEvent = (count: number): Spread => spreadOf([measured.get(count)?.perEvent ?? Number.NaN]);
  return [
    ...[...measured].flatMap(([count, { latencies, atRest, megabytes }]): readonly Row[] => [
      { work: `watch ${named(count)} pairs: from a change to its event`, unit: 'ms', ours: spreadOf(latencies), other: limit(400) },
      {
        work: `watch ${named(count)} pairs: the slowest of a hundred`,
        unit: 'ms',
        ours: spreadOf([percentile(latencies, 0.99)]),
        other: limit(400),
        atMost: 1,
      },
      {
        work: `watch ${named(count)} pairs: CPU in a second at rest`,
        unit: 'ms',
        ours: spreadOf([atRest]),
        other: limit(10),
        atMost: 1,
      },
      {
        work: `watch ${named(count)} pairs: memory after an hour's events`,
        unit: 'MB',
        ours: spreadOf([megabytes]),
        other: limit(250),
        atMost: 1,
      },
    ]),
    ...counts.slice(1).map(
      (count): Row => ({
        work: `watch: CPU of an event among ${named(count)} pairs`,
        unit: 'ms',
        ours: perEvent(count),
        other: { name: `among ${named(few)}`, spread: perEvent(few) },
        ...(count === many && { atMost: 1.5 }),
      }),
    ),
  ];
}

function measure(place: Workplace, count: number, rounds: number): Promise<Measured> {
  const [yaml, root] = [writeDesiredState(place.path(`yaml-watch-${count}`), count), place.path(`root-watch-${count}`)];
  runNode([place.layOutPairs, yaml, root]);
  const keyOf = (index: number): string => join(root, 'pki', `host-${index}.key`);
  return whileWatched(place.program, { yaml, root, folder: place.folder }, async (watched) => {
    // The first look opened everything, and so does the second, since the files were new.
    await sleep(settling);
    await watched.lookAtAll();
    const { latencies, perEvent } = await events(watched, count, rounds, keyOf);
    const atRest = await rest(watched);
    for (let look = 0; look < looksInAnHour; look += 1) {
      for (let change = 0; change < changesBetween; change += 1) {
        const key = keyOf((look * changesBetween + change) % count);
        chmodSync(key, 0o640);
        chmodSync(key, 0o600);
      }
      await watched.lookAtAll();
    }
    const { megabytes } = await watched.used();
    return { latencies, perEvent, atRest, megabytes };
  });
}

/** A key is opened to the group, and closed again: two events. Each round another one. */
async function events(
  { until, used }: Watched,
  count: number,
  rounds: number,
  keyOf: (index: number) => string,
): Promise<Pick<Measured, 'latencies' | 'perEvent'>> {
  const latencies: number[] = [];
  const round = async (index: number): Promise<void> => {
    const [key, address] = [keyOf(index), `cert/host-${index}`];
    for (const [mode, type] of [
      [0o640, 'drift'],
      [0o600, 'resolved'],
    ] as const)
      latencies.push(
        await until(
          (event) => event.type === type && event.address === address && event.code === 'private-key-mode',
          () => chmodSync(key, mode),
        ),
      );
  };
  // What is done for the first time is compiled meanwhile.
  for (let index = 0; index < rounds; index += 1) await round(index % count);
  latencies.length = 0;
  const before = await used();
  for (let index = 0; index < rounds; index += 1) await round((index * 37 + rounds) % count);
  const after = await used();
  return { latencies, perEvent: (after.cpu - before.cpu) / latencies.length };
}

/** Milliseconds of CPU in a second: of waiting, and a sixtieth of a look at everything that nothing happened to. */
async function rest({ used, lookAtAll }: Watched): Promise<number> {
  await sleep(settling);
  // What was touched settles in the first, and what was decided since is decided in it.
  for (let look = 0; look < 2; look += 1) await lookAtAll();
  const looks = 5;
  const before = await used();
  for (let look = 0; look < looks; look += 1) await lookAtAll();
  const looked = await used();
  await sleep(idleSeconds * 1000);
  const idle = await used();
  return (looked.cpu - before.cpu) / looks / 60 + (idle.cpu - looked.cpu) / idleSeconds;
}

function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)] ?? Number.NaN;
}
