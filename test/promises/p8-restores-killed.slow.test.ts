/** P8, of holds, of the program as it is shipped: killed before any system call that changes the disk, what a restore has put back is held after the next start. */
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { needs } from '../support/needs.ts';
import { type CommandResult, runCertstateIn } from '../support/run-certstate.ts';
import { callsIn, disturbing, noting } from '../support/strace.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';
import { isTorture, printFigure } from '../support/torture.ts';
import { inLanes, spread } from '../support/turns.ts';

const test = suite('promises/p8-restores-killed');

const most = isTorture ? Number.POSITIVE_INFINITY : 16;

const yaml = `version: 1
authorities:
  etcd: { commonName: etcd, files: { certificate: /ca.crt, privateKey: /ca.key } }
certificates:
  server: { issuer: etcd, commonName: server, profile: client, files: { certificate: /server.crt, privateKey: /server.key } }
`;

interface Place {
  readonly folder: string;
  readonly run: (under: readonly string[], command: string, ...flags: readonly string[]) => CommandResult;
  readonly certificate: () => string;
  readonly isHeld: () => boolean;
}

function placeAt(folder: string): Place {
  const holds = join(folder, 'site/state/holds.json');
  return {
    folder,
    run: (under, command, ...flags) =>
      runCertstateIn(
        { under },
        ...[command, '-f', join(folder, 'pki.yaml'), '--root', join(folder, 'site'), '--state-dir', join(folder, 'site/state'), ...flags],
      ),
    certificate: () => readFileSync(join(folder, 'site/server.crt'), 'utf8'),
    isHeld: () => existsSync(holds) && readFileSync(holds, 'utf8').includes('"address": "cert/server"'),
  };
}

if (needs('strace'))
  test('killed before any call that changes the disk, a restore holds what it has put back, and nothing else, after the next start', () =>
    inTemporaryFolder(async (folder) => {
      writeFileSync(join(folder, 'pki.yaml'), yaml, { mode: 0o644 });
      const beginning = placeAt(folder);
      assert.is(beginning.run([], 'apply', '--yes', '--confirm', 'ca/etcd').exit, 0);
      assert.is(beginning.run([], 'apply', '--yes', '--renew', 'cert/server').exit, 0);
      const before = beginning.certificate();
      const copyTo = (name: string): Place => {
        cpSync(folder, `${folder}-${name}`, { recursive: true });
        return placeAt(`${folder}-${name}`);
      };
      const undisturbed = copyTo('undisturbed');
      const log = join(folder, 'calls');
      const figures = { kills: 0, held: 0 };
      try {
        const restored = undisturbed.run(noting(log), 'restore', 'cert/server', '--yes');
        assert.is(restored.exit, 0, restored.stderr);
        assert.ok(undisturbed.isHeld());
        const changing = callsIn(log, join(undisturbed.folder, 'site')).filter(({ changes }) => changes);
        assert.ok(changing.length > 20, `only ${changing.length} calls`);
        let places = 0;
        await inLanes(spread(changing, most), async ({ name, nth }) => {
          places += 1;
          const place = copyTo(`${places}`);
          try {
            const what = `killed before ${name} number ${nth}`;
            assert.is.not(
              place.run(disturbing(join(folder, `log${places}`), name, nth, 'signal=KILL'), 'restore', 'cert/server', '--yes').exit,
              0,
              what,
            );
            // Whoever writes next completes it: a timer, who would else renew or mend what was put back.
            assert.is(place.run([], 'renew').exit, 0, what);
            figures.kills += 1;
            const isPutBack = place.certificate() !== before;
            if (isPutBack) figures.held += 1;
            assert.is(place.isHeld(), isPutBack, what);
          } finally {
            rmSync(place.folder, { recursive: true });
          }
        });
      } finally {
        rmSync(undisturbed.folder, { recursive: true });
      }
      assert.ok(figures.held > 0 && figures.held < figures.kills, JSON.stringify(figures));
      printFigure(
        'P8',
        `${figures.kills} kills of a restore, ${figures.held} ended with what was put back, all of them held; the others hold nothing`,
      );
    }));

test.run();
