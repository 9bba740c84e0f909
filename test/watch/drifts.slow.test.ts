/** Every drift there is on a real host, seen by the program as it is shipped: noticed in time, each fact told once, and once when it is over. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Drift, drifts, type Host, onHost } from '../support/drifts.ts';
import { needs, needsRoot } from '../support/needs.ts';
import { printFigure } from '../support/torture.ts';
import { is, type WatchedEvent, type Watching, whileWatching } from '../support/watching.ts';

const test = suite('watch/drifts');

/** Where mounts end with the watcher, and nobody else sees them. */
const apart = ['unshare', '--mount', '--propagation', 'private'];
const second = 1000;
/** The wait until whoever writes is done, a look, and a machine that has other things to do. */
const settled = 200;
const slack = 1500;

/** Each drift comes and goes, and is told of as it should be; within so many milliseconds. */
async function tried(host: Host, rows: readonly Drift[], { after, news, child }: Watching, within: number): Promise<readonly number[]> {
  const took: number[] = [];
  const watcher = child.pid as number;
  for (const { name, act, undo, told, text } of rows) {
    for (const [does, expected] of [
      [act, told],
      [undo, told.map((line) => line.replace(/^\S+/, 'resolved'))],
    ] as const) {
      const line = ({ type, address, code }: { type: string; address?: string | null; code?: string }) =>
        [type, address, code].filter(Boolean).join(' ');
      const { milliseconds } = await after(
        () => does(host, watcher),
        (event) => line(event) === expected[0],
        within + 20 * second,
      ).catch((error: Error) => {
        throw new Error(`${name}: ${error.message}`);
      });
      assert.ok(milliseconds < within + slack, `${name}: ${Math.round(milliseconds)} ms`);
      await sleep(settled + 150);
      assert.equal(news().toSorted(), [...expected, ...(text ? ['config_changed'] : [])].toSorted(), name);
      took.push(milliseconds);
    }
  }
  return took;
}

/** Of each condition: it begins, may change, and is over, again and again; never twice the same, and none is left. */
function assertConditionsEnd(events: readonly WatchedEvent[]): void {
  const standing = new Set<string>();
  for (const { type, status, condition } of events) {
    if (type !== 'condition') continue;
    const { type: what, address } = condition as { readonly type: string; readonly address: string | null };
    const key = `${what} ${address}`;
    assert.is(standing.has(key), status !== 'raised', `${key} ${status}`);
    if (status === 'cleared') standing.delete(key);
    else standing.add(key);
  }
  assert.equal([...standing], []);
}

const isRoot = needsRoot() && needs('unshare', 'nsenter');
const possible = drifts.filter((drift) => isRoot || drift.needs === undefined);

const trying = (what: string, rows: readonly Drift[], flags: readonly string[], within: number, preload = ''): Promise<void> =>
  onHost(async (host) => {
    const file = join(host.folder, 'preload.cjs');
    writeFileSync(file, preload);
    const events = await whileWatching(
      host,
      [...flags, ...host.flags],
      async (watching) => {
        const took = await tried(host, rows, watching, within);
        await watching.after(() => void watching.child.kill('SIGHUP'), is('heartbeat'));
        await sleep(settled);
        const at = (share: number) => Math.round(took.toSorted((left, right) => left - right)[Math.floor(share * (took.length - 1))] ?? 0);
        printFigure('P16', `${what}: ${rows.length} drifts and their ends, each told once; p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`);
      },
      { node: ['--require', file], under: isRoot ? apart : [] },
    );
    assertConditionsEnd(events);
  });

test('what the kernel tells is told within the time in which writers settle, although everything is looked at once an hour', () =>
  trying(
    'heard',
    possible.filter(({ unheard }) => unheard === undefined),
    ['--interval', '1h'],
    settled,
  ));

test('what the kernel does not tell is found within the interval', () =>
  trying(
    'not heard, looking every second',
    possible.filter(({ unheard }) => unheard !== undefined),
    ['--interval', '1s'],
    second,
  ));

test('every drift is found within the interval where nothing is listened to, or nothing is ever heard, and told in the same words', () =>
  Promise.all([
    trying('--poll 1s', possible, ['--poll', '1s'], second),
    trying(
      'a kernel that never says anything, looking every second',
      possible,
      ['--interval', '1s'],
      second,
      `require('node:fs').watch = () => Object.assign(new (require('node:events').EventEmitter)(), { close() {} });\n`,
    ),
  ]).then(() => undefined));

test.run();
