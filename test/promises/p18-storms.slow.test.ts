/** P18: storms are bounded. Ten thousand events a second: a look at most in each window in which writers settle, half a core at most, no memory to speak of. */
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { inAppliedScene } from '../support/scene.ts';
import { isTorture, printFigure } from '../support/torture.ts';
import { is, whileWatching } from '../support/watching.ts';

const test = suite('promises/p18-storms');

interface Gauge {
  readonly at: number;
  /** Milliseconds of CPU so far. */
  readonly cpu: number;
  readonly megabytes: number;
  /** How often the key was looked at, and how many events of the kernel came. */
  readonly looks: number;
  readonly events: number;
}

/** Put in front of the program: writes down four times a second what it has used and done. */
const gauge = (key: string, file: string) => `
const fs = require('node:fs');
let [looks, events] = [0, 0];
const { lstatSync, watch, writeFileSync } = fs;
fs.lstatSync = (path, ...rest) => {
  if (path === ${JSON.stringify(key)}) looks += 1;
  return lstatSync(path, ...rest);
};
fs.watch = (path, options, hear) => watch(path, options, (...heard) => {
  events += 1;
  hear(...heard);
});
setInterval(() => {
  const { user, system } = process.cpuUsage();
  const megabytes = process.memoryUsage.rss() / 1048576;
  writeFileSync(${JSON.stringify(file)}, JSON.stringify({ at: performance.now(), cpu: (user + system) / 1000, megabytes, looks, events }));
}, 250).unref();
`;

const perSecond = 10_000;
const lasting = isTorture ? 60_000 : 3_000;
/** In which what is done for the first time is compiled, and the memory it takes is taken. */
const warmUp = isTorture ? 15_000 : 4_000;

/** The modes of two files in turns, so that the kernel cannot take two events for one. */
async function storm(files: readonly string[], milliseconds: number): Promise<number> {
  const begun = performance.now();
  let done = 0;
  for (let gone = 0; gone < milliseconds; gone = performance.now() - begun) {
    for (const due = (Math.min(gone, milliseconds) / 1000) * perSecond; done < due; done += 1)
      chmodSync(files[done % files.length] as string, done % 4 < 2 ? 0o644 : 0o600);
    await sleep(5);
  }
  return done / ((performance.now() - begun) / 1000);
}

test('ten thousand events a second are few looks, and what stands at the end is told', () =>
  inAppliedScene(async (scene) => {
    const files = [scene.at('/tls/server.key'), scene.at('/tls/client.key')];
    const [preload, file] = [join(scene.folder, 'gauge.cjs'), join(scene.folder, 'gauge.json')];
    writeFileSync(preload, gauge(files[0] as string, file));
    const read = async (): Promise<Gauge> => {
      await sleep(300);
      return JSON.parse(readFileSync(file, 'utf8')) as Gauge;
    };
    await whileWatching(
      scene,
      ['--interval', '1h'],
      async ({ after }) => {
        await storm(files, warmUp);
        const before = await read();
        const rate = await storm(files, lasting);
        const end = await read();
        await sleep(1500);
        for (const path of files) chmodSync(path, 0o600);
        await sleep(1500);
        await after(() => chmodSync(files[0] as string, 0o644), is('drift', 'private-key-mode', 'cert/server'));
        const seconds = (end.at - before.at) / 1000;
        const [looks, events] = [end.looks - before.looks, end.events - before.events];
        const core = (end.cpu - before.cpu) / (end.at - before.at);
        const grown = end.megabytes - before.megabytes;
        printFigure(
          'P18',
          `${Math.round(rate).toLocaleString('en')} changes a second for ${Math.round(lasting / 1000)} s, ${events.toLocaleString('en')} events heard: ${looks} looks in ${seconds.toFixed(1)} s, ${Math.round(core * 100)} % of a core, memory ${grown < 0 ? '' : '+'}${grown.toFixed(1)} MB`,
        );
        assert.ok(rate > perSecond / 2 && events > 0, `${rate} changes, ${events} events`);
        assert.ok(looks <= seconds / 0.2, `${looks} looks in ${seconds} s`);
        assert.ok(core < 0.5, `${core} of a core`);
        assert.ok(grown < 20, `${grown} MB`);
      },
      { node: ['--require', preload] },
    );
  }));

test.run();
