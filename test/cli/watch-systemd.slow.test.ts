/** `certstate watch` as a service of systemd: what it tells the socket of type `notify`, and how it speaks to the journal. */
import { spawn } from 'node:child_process';
import { chmodSync, closeSync, fstatSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { needs, needsPython } from '../support/needs.ts';
import { type Notified, withNotifySocket } from '../support/notify-socket.ts';
import { plainEnvironment, program } from '../support/run-certstate.ts';
import { inAppliedScene } from '../support/scene.ts';
import { whileLocked } from '../support/situations.ts';
import { printFigure } from '../support/torture.ts';
import { is, whileWatching } from '../support/watching.ts';

const test = suite('cli/watch-systemd');

/** The shortest that a loop which comes by once a second can serve well. */
const allowed = 4000;
const gaps = (times: readonly number[]) => times.slice(1).map((time, index) => time - (times[index] ?? 0));
const alive = (notified: readonly Notified[]) => notified.filter(({ text }) => text.includes('WATCHDOG=1')).map(({ heard }) => heard);
const environmentFor = (name: string) => ({ NOTIFY_SOCKET: name, WATCHDOG_USEC: `${allowed * 1000}` });

/** At SIGUSR2 it is stuck for so long: in a computation that does not end, or in a wait that nobody ends. */
const stuckFor = 6000;
const stuck = {
  'a loop that computes for ever': `process.on('SIGUSR2', () => { for (const until = Date.now() + ${stuckFor}; Date.now() < until; ); });`,
  'a loop that waits for ever': `const timers = require('node:timers/promises'); const { setTimeout: wait } = timers; let until = 0;
    process.on('SIGUSR2', () => { until = Date.now() + ${stuckFor}; });
    timers.setTimeout = (milliseconds, ...rest) => wait(Math.max(milliseconds, until - Date.now()), ...rest);`,
} as const;

if (needs('systemd-notify') && needsPython('socket', 'python3')) {
  for (const [kind, name] of [
    ['a path', (folder: string) => join(folder, 'notify')],
    ['an abstract name', () => `@certstate-test-${process.pid}`],
  ] as const)
    test(`a socket at ${kind}: ready after the first look, alive twice in what the watchdog allows, stopping last`, () =>
      inAppliedScene((scene) =>
        withNotifySocket(name(scene.folder), async (notified) => {
          let watcher = 0;
          const events = await whileWatching(
            scene,
            ['--interval', '2s'],
            async ({ child }) => {
              watcher = child.pid ?? 0;
              await sleep(2.5 * allowed);
            },
            { env: environmentFor(name(scene.folder)) },
          );
          const words = notified.map(({ text }) => text.split('\n').filter((line) => !line.startsWith('MAINPID=')));
          assert.equal(words[0], ['READY=1']);
          assert.equal(words.at(-1), ['STOPPING=1']);
          assert.equal([...new Set(words.slice(1, -1).flat())], ['WATCHDOG=1']);
          for (const { text } of notified) assert.match(text, new RegExp(`^MAINPID=${watcher}$`, 'm'));
          const [{ heard: ready = 0 } = {}] = notified;
          assert.ok(ready <= (events.find(is('heartbeat'))?.heard ?? 0) + 100, 'before anything is told, nobody is kept waiting');
          const most = Math.max(...gaps([ready, ...alive(notified)]));
          assert.ok(most <= allowed / 2 + 500, `${most} ms`);
          printFigure('systemd', `WATCHDOG=1 ${alive(notified).length} times, at most ${Math.round(most)} ms apart of ${allowed} allowed`);
        }),
      ));

  test('SIGHUP is a reload: it begins, and is over once everything was looked at', () =>
    inAppliedScene((scene) =>
      withNotifySocket(join(scene.folder, 'notify'), async (notified) => {
        await whileWatching(
          scene,
          ['--interval', '1h'],
          async ({ child, after }) => {
            await after(() => void child.kill('SIGHUP'), is('heartbeat'));
            await sleep(1000);
          },
          { env: { NOTIFY_SOCKET: join(scene.folder, 'notify') } },
        );
        const words = notified.map(({ text }) => text.split('\n').filter((line) => !line.startsWith('MAINPID=')));
        const times = words.flat().filter((line) => line.startsWith('MONOTONIC_USEC='));
        assert.equal(words, [['READY=1'], ['RELOADING=1', times[0]], ['READY=1'], ['STOPPING=1']]);
      }),
    ));

  for (const [name, code] of Object.entries(stuck))
    test(`${name} is not told to be alive`, () =>
      inAppliedScene((scene) => {
        const preload = join(scene.folder, 'preload.cjs');
        writeFileSync(preload, code);
        return withNotifySocket(join(scene.folder, 'notify'), async (notified) => {
          await whileWatching(
            scene,
            ['--interval', '2s'],
            async ({ child, after }) => {
              const begun = performance.now();
              child.kill('SIGUSR2');
              await sleep(stuckFor - 500);
              // One may have been on its way, and a wait that had begun ends as it would have.
              const meanwhile = alive(notified).filter((heard) => heard > begun + 1500);
              assert.equal(meanwhile, []);
              await after(() => {}, is('heartbeat'));
            },
            { env: environmentFor(join(scene.folder, 'notify')), node: ['--require', preload] },
          );
        });
      }));

  if (needs('flock'))
    test('a lock that somebody holds for long keeps nobody from hearing that it is alive', () =>
      inAppliedScene((scene) =>
        withNotifySocket(join(scene.folder, 'notify'), async (notified) => {
          await whileWatching(
            scene,
            ['--apply', '--interval', '1h', '--lock-timeout', '9s'],
            async () => {
              await whileLocked({ at: (path) => join(scene.folder, path) }, async () => {
                const begun = performance.now();
                chmodSync(scene.at('/tls/server.key'), 0o644);
                await sleep(8500);
                assert.ok(alive(notified).filter((heard) => heard > begun + 1500).length >= 2, `${alive(notified).length}`);
              });
            },
            { env: environmentFor(join(scene.folder, 'notify')) },
          );
        }),
      ));

  test('a socket that nobody listens at: it watches all the same, and says once that systemd is not told', () =>
    inAppliedScene(async (scene) => {
      const { code, errors } = await watchedIn(scene, { NOTIFY_SOCKET: join(scene.folder, 'nobody') });
      assert.is(code, 0);
      assert.match(errors, /^systemd-notify could not tell systemd --ready: .+$/m);
      assert.is(errors.match(/systemd-notify could not/g)?.length, 1);
    }));
}

interface Watched {
  readonly code: number | null;
  readonly errors: string;
  readonly output: string;
}

/** Watches for three seconds, in text, with its standard output in a file of which the environment may speak. */
async function watchedIn(
  { folder, root, file }: { readonly folder: string; readonly root: string; readonly file: string },
  environment: Readonly<Record<string, string>> | ((device: string) => Readonly<Record<string, string>>),
): Promise<Watched> {
  const [path, errorPath] = [join(folder, 'output'), join(folder, 'errors')];
  const descriptors = [openSync(path, 'w'), openSync(errorPath, 'w')] as const;
  const { dev, ino } = fstatSync(descriptors[0]);
  const env = { ...plainEnvironment(), ...(typeof environment === 'function' ? environment(`${dev}:${ino}`) : environment) };
  const child = spawn(process.execPath, [program, 'watch', '-f', file, '--root', root], {
    env,
    cwd: folder,
    stdio: ['ignore', ...descriptors],
  });
  for (const descriptor of descriptors) closeSync(descriptor);
  await sleep(3000);
  child.kill('SIGTERM');
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { code, errors: readFileSync(errorPath, 'utf8'), output: readFileSync(path, 'utf8') };
}

test('the journal gets priorities and no times; whoever only inherits its variable gets times', () =>
  inAppliedScene(async (scene) => {
    chmodSync(scene.at('/tls/server.key'), 0o644);
    const journal = await watchedIn(scene, (device) => ({ JOURNAL_STREAM: device }));
    assert.match(journal.output, /^<3>drift cert\/server code=private-key-mode /m);
    assert.match(journal.output, /^<6>heartbeat /m);
    assert.equal(
      journal.output.split('\n').filter((line) => line !== '' && !/^<[3-6]>[a-z]/.test(line)),
      [],
      'every line has its priority',
    );
    const pipe = await watchedIn(scene, { JOURNAL_STREAM: '8:12345' });
    assert.match(pipe.output, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ drift cert\/server /m);
    assert.not.match(pipe.output, /</);
  }));

test.run();
