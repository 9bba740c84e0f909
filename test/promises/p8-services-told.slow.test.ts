/**
 * P8 of the program as it is shipped: a service is told after the last flush of the files that it reads; and if the run is killed before any system call
 * that changes the disk, the next one tells it of the pair that is there: at least once if that is the new one.
 */
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { needs } from '../support/needs.ts';
import { type CommandResult, runCertstateIn } from '../support/run-certstate.ts';
import { callsIn, changingCalls, disturbing, noting } from '../support/strace.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';
import { isTorture, printFigure } from '../support/torture.ts';
import { inLanes, spread } from '../support/turns.ts';

const test = suite('promises/p8-services-told');

const most = isTorture ? Number.POSITIVE_INFINITY : 16;

/** A pair whose service notes down the certificate that it finds when it is told (into a file that is there: only certstate makes any). */
const yamlIn = (folder: string): string => `version: 1
authorities:
  etcd: { commonName: etcd, files: { certificate: ${folder}/site/ca.crt, privateKey: ${folder}/site/ca.key } }
certificates:
  server:
    issuer: etcd
    commonName: server
    dnsNames: [server.example]
    profile: server
    files: { certificate: ${folder}/site/tls/server.crt, privateKey: ${folder}/site/tls/server.key }
    services: [proxy]
services:
  proxy: { reload: [dd, "if=${folder}/site/tls/server.crt", "of=${folder}/told", oflag=append, "conv=notrunc,nocreat"] }
`;

interface Place {
  readonly folder: string;
  readonly run: (under: readonly string[], ...flags: readonly string[]) => CommandResult;
  readonly certificate: () => string;
  /** The certificates that the service has found, one after the other. */
  readonly told: () => readonly string[];
}

function placeAt(folder: string): Place {
  writeFileSync(join(folder, 'state.yaml'), yamlIn(folder), { mode: 0o644 });
  const told = join(folder, 'told');
  if (!existsSync(told)) writeFileSync(told, '');
  return {
    folder,
    run: (under, ...flags) =>
      runCertstateIn({ under }, 'apply', '-f', join(folder, 'state.yaml'), '--state-dir', join(folder, 'site/state'), '--yes', ...flags),
    certificate: () => readFileSync(join(folder, 'site/tls/server.crt'), 'utf8'),
    told: () =>
      readFileSync(told, 'utf8')
        .split(/(?<=END CERTIFICATE-----\n)/)
        .filter((found) => found !== ''),
  };
}

const renew = ['--renew', 'cert/server'] as const;

/** The body at a place where everything has been issued once, and its service told of that. */
const inPlace = (body: (place: Place) => Promise<void> | void): Promise<void> =>
  inTemporaryFolder(async (folder) => {
    const place = placeAt(folder);
    const { exit, stdout, stderr } = place.run([], '--confirm', 'ca/etcd');
    assert.is(exit, 0, stdout + stderr);
    assert.equal(place.told(), [place.certificate()]);
    writeFileSync(join(folder, 'told'), '');
    await body(place);
  });

if (needs('strace')) {
  test('it is told after the last flush of what it reads, and while its mark still stands', () =>
    inPlace((place) => {
      const log = join(place.folder, 'calls');
      const trace = noting(log).map((word) => word.replace(/^trace=/, 'trace=execve,'));
      assert.is(place.run(trace, ...renew).exit, 0);
      const lines = readFileSync(log, 'utf8').split('\n');
      const at = (pattern: RegExp): number => lines.findLastIndex((line) => pattern.test(line));
      const renamed = at(/rename\(.*server\.crt"/);
      const flushed = at(/fsync\(\d+<[^>]*\/tls>\)/);
      const marked = lines.findIndex((line) => /rename\(.*pending-services\.json"\)/.test(line));
      const recordRemoved = at(/unlink\(.*\d{8}-[0-9a-f]{16}\.json"\)/);
      const told = at(/execve\("[^"]*\/dd"/);
      const cleared = at(/rename\(.*pending-services\.json"\)/);
      const order = [renamed, flushed, marked, recordRemoved, told, cleared];
      assert.ok(renamed > 0 && flushed > renamed && marked > renamed, `${order}`);
      assert.ok(recordRemoved > marked && told > recordRemoved && told > flushed && cleared > told, `${order}`);
      assert.equal(place.told(), [place.certificate()]);
    }));

  test('killed before any call that changes the disk, it is told by the next start of what is there', () =>
    inPlace(async (beginning) => {
      const log = join(beginning.folder, 'calls');
      const old = beginning.certificate();
      const copyTo = (name: string): Place => {
        const folder = `${beginning.folder}-${name}`;
        cpSync(beginning.folder, folder, { recursive: true });
        return placeAt(folder);
      };
      const undisturbed = copyTo('undisturbed');
      let calls = 0;
      const figures = { kills: 0, new: 0, twice: 0 };
      try {
        assert.is(undisturbed.run(noting(log), ...renew).exit, 0);
        const changing = callsIn(log, join(undisturbed.folder, 'site')).filter(({ changes }) => changes);
        assert.ok(changing.length > 30, `only ${changing.length} of ${changingCalls.length} kinds of calls`);
        await inLanes(spread(changing, most), async ({ name, nth }) => {
          calls += 1;
          const place = copyTo(`${calls}`);
          try {
            const killed = place.run(disturbing(join(place.folder, 'log'), name, nth, 'signal=KILL'), ...renew);
            const what = `killed before ${name} number ${nth}`;
            assert.is.not(killed.exit, 0, what);
            assert.is(place.run([]).exit, 0, what);
            const [now, told] = [place.certificate(), place.told()];
            figures.kills += 1;
            if (now !== old) figures.new += 1;
            if (told.length > 1) figures.twice += 1;
            assert.ok(now === old ? told.length === 0 : told.length >= 1, `${what}: told ${told.length} times`);
            assert.ok(
              told.every((found) => found === now),
              `${what}: told of what was not there yet`,
            );
            assert.not.ok(readdirSync(join(place.folder, 'site/state/journal')).length > 0, what);
          } finally {
            rmSync(place.folder, { recursive: true });
          }
        });
      } finally {
        rmSync(undisturbed.folder, { recursive: true });
      }
      assert.ok(figures.new > 0 && figures.new < figures.kills, JSON.stringify(figures));
      printFigure(
        'P8',
        `${figures.kills} kills of the program, ${figures.new} ended new: told each time, ${figures.twice} times twice, never before`,
      );
    }));
}

test.run();
