/**
 * P15 under `watch --apply`: four hundred days go by in front of the loop as it is, with real files and real issuing, and clocks of the test's own. Each
 * certificate is renewed as often as its window opens, and nothing is ever done twice.
 */
import { join } from 'node:path';
import { setImmediate as soon } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { days, hours, instantOf, seconds } from '../../src/domain/time.ts';
import type { WatchEvent } from '../../src/domain/watch-event.ts';
import { nodeFileGlance } from '../../src/node/node-file-glance.ts';
import { timerDoes } from '../../src/plan/scheduled.ts';
import type { Clock, Pause } from '../../src/ports/clock.ts';
import { repairing } from '../../src/watch/repairing.ts';
import { startWatch } from '../../src/watch/watch-loop.ts';
import { diskEnvironment, siteIn } from '../support/passes.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';
import { isTorture, printFigure } from '../support/torture.ts';

const test = suite('promises/p15-watch');

const span = days(400);
const step = isTorture ? hours(3) : hours(12);
const howMany = isTorture ? 50 : 12;

/** How long certificates live, when they are renewed, and after how many days that is. */
const lifetimes = [
  ['365d', '15d', 350],
  ['90d', '30d', 60],
  ['47d', '10d', 37],
  ['12d', '5d', 7],
] as const;
const names = Array.from({ length: howMany }, (_, index) => `host-${index}`);
const lifeOf = (index: number) => lifetimes[index % lifetimes.length] as (typeof lifetimes)[number];

const yaml = `version: 1
authorities:
  site: { commonName: Site, duration: 7300d, files: { certificate: /pki/ca.crt, privateKey: /pki/ca.key } }
certificates:
${names
  .map((name, index) => {
    const [duration, renewBefore] = lifeOf(index);
    const files = `{ certificate: /tls/${name}.crt, privateKey: /tls/${name}.key }`;
    return `  ${name}: { issuer: site, commonName: ${name}, profile: server, dnsNames: [${name}.example], duration: ${duration}, renewBefore: ${renewBefore}, files: ${files} }`;
  })
  .join('\n')}
`;

/** Time goes on only while somebody waits: by as much as files need to settle, else by a whole step. Ended once the days are over. */
function fastTime(stop: AbortController): { readonly clock: Clock; readonly pause: Pause } {
  const begin = diskEnvironment.clock.now();
  let passed = 0;
  return {
    clock: { now: () => instantOf(begin + Math.floor(passed)), elapsed: () => passed * 1000 },
    async pause(milliseconds) {
      passed += milliseconds < 1000 ? milliseconds / 1000 : step;
      if (passed >= span) stop.abort();
      await soon();
    },
  };
}

test('four hundred days: as many renewals as windows open, each done once, and nothing else', () =>
  inTemporaryFolder(async (folder) => {
    const site = siteIn(folder);
    await site.apply(await site.plan(yaml));
    const stopping = new AbortController();
    const { clock, pause } = fastTime(stopping);
    const environment = { ...diskEnvironment, clock, pause };
    const events: WatchEvent[] = [];
    const tell = (event: WatchEvent) => void events.push(event);
    const { scope, options } = site;
    const lock = {
      owner: { user: 'test', host: 'host-1', pid: process.pid, command: 'certstate watch' },
      timeout: seconds(10),
      signal: stopping.signal,
      onWait: () => {},
    };
    const shared = { environment, scope, options, tell, alive: () => {} };
    const { broken } = await startWatch({
      ...shared,
      does: timerDoes,
      repair: repairing({ ...shared, lock, parallelism: 1, tells: false, kept: () => {} }),
      judge: async () => {},
      sinceBoot: () => clock.elapsed() / 1000,
      textPaths: [join(folder, 'desired.yaml')],
      interval: seconds(60),
      glance: nodeFileGlance,
      events: undefined,
      ready: () => {},
      once: false,
      signal: stopping.signal,
    }).end;
    assert.is(broken, undefined);
    const applied = events.flatMap((event) => (event.event === 'applied' ? [event.outcome] : []));
    assert.equal([...new Set(applied.map(({ result, action }) => `${result} ${action}`))], ['done renew']);
    for (const [index, name] of names.entries()) {
      const [duration, , period] = lifeOf(index);
      const renewals = applied.filter(({ address }) => address === `cert/${name}`).length;
      assert.is(renewals, Math.floor(400 / period), `${name}, which lives ${duration}`);
    }
    const others = events.filter(({ event }) => !['applied', 'heartbeat', 'stands', 'resolved'].includes(event));
    assert.equal(others, []);
    const looks = events.filter(({ event }) => event === 'heartbeat').length;
    printFigure(
      'P15',
      `watch --apply: 400 days, ${looks} looks at ${howMany} certificates, ${applied.length} renewals: each when its window opened, none twice`,
    );
  }));

test.run();
