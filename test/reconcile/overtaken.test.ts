import { chmodSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ApplyEvent, ResourceOutcome } from '../../src/domain/outcome.ts';
import { seconds } from '../../src/domain/time.ts';
import { nodeClock } from '../../src/node/node-clock.ts';
import { type Renewed, renewPass } from '../../src/reconcile/renew-pass.ts';
import { startOf } from '../../src/reconcile/steady-clock.ts';
import { readConditions } from '../../src/records/conditions.ts';
import { diskEnvironment, type Site, siteIn } from '../support/passes.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';

const test = suite('reconcile/overtaken');

const yaml = `version: 1
authorities:
  etcd: { commonName: etcd, files: { certificate: /pki/ca.crt, privateKey: /pki/ca.key } }
certificates:
  server: { issuer: etcd, commonName: server, dnsNames: [server.example], profile: server, duration: 25d, files: { certificate: /tls/server.crt, privateKey: /tls/server.key } }
  client: { issuer: etcd, commonName: client, profile: client, duration: 25d, files: { certificate: /tls/client.crt, privateKey: /tls/client.key } }
`;
/** What was issued for 25 days is due by this text; what is issued by it is not. */
const due = yaml.replaceAll('duration: 25d', 'duration: 365d, renewBefore: 40d');

/** Two certificates that are due, renewed by a timer; `meanwhile` is called as it begins with `cert/server`, with the number of times that it did so. */
const renewing = (meanwhile: (times: number, certificate: string) => void) =>
  inTemporaryFolder(async (folder): Promise<{ site: Site; renewed: Renewed; ends: readonly ResourceOutcome[]; certificate: string }> => {
    const site = siteIn(folder);
    mkdirSync(join(folder, 'root'));
    await site.apply(await site.plan(yaml));
    await site.plan(due);
    const certificate = join(folder, 'root/tls/server.crt');
    const ends: ResourceOutcome[] = [];
    let times = 0;
    const event = (event: ApplyEvent) => {
      if (event.type === 'start' && event.address === 'cert/server') {
        times += 1;
        meanwhile(times, certificate);
      }
      if (event.type === 'end') ends.push(event.outcome);
    };
    const { signal } = new AbortController();
    const ignore = () => {};
    const result = await renewPass(diskEnvironment, site.scope, {
      options: site.options,
      begun: startOf(nodeClock),
      lock: { owner: { pid: process.pid, host: 'host-1', user: 'root', command: 'renew' }, timeout: seconds(0), signal, onWait: ignore },
      signal,
      parallelism: 1,
      tells: true,
      report: { looked: ignore, tookOver: ignore, recovered: ignore, event, serviceStart: ignore, serviceEnd: ignore },
    });
    if (result.result !== 'done') throw new Error(`it ended ${result.result}`);
    return { site, renewed: result, ends, certificate };
  });

const results = (outcomes: readonly ResourceOutcome[]): readonly string[] => outcomes.map(({ address, result }) => `${address} ${result}`);

test('a file that somebody changed while a key was made: decided again at once, and told as done, once', () =>
  renewing((times, certificate) => {
    if (times === 1) chmodSync(certificate, 0o640);
  }).then(({ site, renewed, ends }) => {
    assert.equal(results(ends).toSorted(), ['cert/client done', 'cert/server done']);
    assert.equal(results(renewed.outcome.resources).toSorted(), ['cert/client done', 'cert/server done']);
    assert.equal(renewed.news, []);
    assert.equal(readConditions(diskEnvironment.reader, site.scope.stateFolder).conditions, []);
  }));

test('what is no longer there to be renewed when it is looked at again is left alone, and is no failure', () =>
  renewing((times, certificate) => {
    if (times === 1) rmSync(certificate);
  }).then(({ renewed, ends, certificate }) => {
    assert.equal(results(ends), ['cert/client done']);
    assert.equal(results(renewed.outcome.resources), ['cert/client done']);
    assert.throws(() => statSync(certificate), 'ENOENT');
  }));

test('a race that is lost three times is a failure, and is told as one, once', () =>
  renewing((times, certificate) => chmodSync(certificate, times % 2 === 1 ? 0o640 : 0o644)).then(({ renewed, ends }) => {
    assert.equal(results(ends).toSorted(), ['cert/client done', 'cert/server failed']);
    assert.equal(results(renewed.outcome.resources).toSorted(), ['cert/client done', 'cert/server failed']);
    assert.equal(
      renewed.news.flatMap(({ status, condition }) => (condition.type === 'renewal-failed' ? [`${status} ${condition.codes}`] : [])),
      ['raised changed-since-plan'],
    );
  }));

test.run();
