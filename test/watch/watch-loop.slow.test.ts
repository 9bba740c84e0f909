/** The loop of `watch --apply` with clocks of the test's own: what a pass takes in time. */
import { join } from 'node:path';
import { setImmediate as soon } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { instantOf, seconds } from '../../src/domain/time.ts';
import { nodeFileGlance } from '../../src/node/node-file-glance.ts';
import { timerDoes } from '../../src/plan/scheduled.ts';
import { startWatch } from '../../src/watch/watch-loop.ts';
import { diskEnvironment, siteIn } from '../support/passes.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';

const test = suite('watch/watch-loop');

const yaml = `version: 1
authorities:
  site: { commonName: Site, privateKey: { algorithm: ECDSA, size: 256 }, files: { certificate: /pki/ca.crt, privateKey: /pki/ca.key } }
certificates:
  server: { issuer: site, commonName: server, dnsNames: [server.example], profile: server, duration: 25d, privateKey: { algorithm: ECDSA, size: 256 }, files: { certificate: /pki/a.crt, privateKey: /pki/a.key } }
`;

test('a pause after what could not be done begins when the pass is over, however long that took', () =>
  inTemporaryFolder(async (folder) => {
    const site = siteIn(folder);
    await site.apply(await site.plan(yaml));
    // Of 25 days that were asked for, all are now too few.
    await site.plan(yaml.replace('duration: 25d', 'duration: 365d, renewBefore: 40d'));
    const begin = diskEnvironment.clock.now();
    let passed = 0;
    const clock = { now: () => instantOf(begin + Math.floor(passed)), elapsed: () => passed * 1000 };
    const stopping = new AbortController();
    const begun: number[] = [];
    await startWatch({
      environment: {
        ...diskEnvironment,
        clock,
        async pause(milliseconds) {
          passed += milliseconds / 1000;
          if (passed >= 30 * 60) stopping.abort();
          await soon();
        },
      },
      scope: site.scope,
      options: site.options,
      does: timerDoes,
      async repair({ addresses }) {
        begun.push(Math.round(passed / 60));
        passed += 5 * 60;
        return { attempts: addresses.map((address) => ({ address, differences: [], isDone: false })), wrote: false };
      },
      sinceBoot: () => clock.elapsed() / 1000,
      textPaths: [join(folder, 'desired.yaml')],
      interval: seconds(60),
      glance: nodeFileGlance,
      events: undefined,
      ready: () => {},
      tell: () => {},
      alive: () => {},
      once: false,
      signal: stopping.signal,
    }).end;
    // Five minutes each, and after them one, two, four.
    assert.equal(begun.slice(0, 4), [0, 6, 13, 22]);
  }));

test.run();
