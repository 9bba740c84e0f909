/** Facts from run to run of the program as it is shipped: who writes them, who reads them, and that nobody hears of them. */
import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { needs, needsRoot } from '../support/needs.ts';
import type { CommandResult } from '../support/run-certstate.ts';
import { inAppliedScene, type Scene } from '../support/scene.ts';
import { changedPaths, treeOf } from '../support/tree.ts';

const test = suite('cli/kept-facts');

const path = '/var/lib/certstate/facts.cache';
const exists = (scene: Scene): boolean => statSync(scene.at(path), { throwIfNoEntry: false }) !== undefined;

/** Rows of the file: of each certificate, each key and each signature one. */
const rowsOf = (scene: Scene): number => readFileSync(scene.at(path), 'latin1').split('\n').length - 4;

/** What is printed, but for the days that are left: one of them may just be over. */
const said = ({ exit, stdout, stderr }: CommandResult) => ({ exit, stdout: stdout.replaceAll(/\b\d+ (?:days|d)\b/g, ''), stderr });
const looks = ['plan', 'check', 'status'] as const;
const answers = (scene: Scene) => looks.map((command) => said(scene.run(command)));

test('apply keeps them, for itself alone; a second apply, plan, check, status, show and validate write nothing', () =>
  inAppliedScene((scene) => {
    assert.is(statSync(scene.at(path)).mode & 0o7777, 0o600);
    // An authority and two leaves: a certificate, a key and a signature each.
    assert.is(rowsOf(scene), 9);
    const before = treeOf(scene.root);
    const commands = [
      ['apply', '--yes'],
      ['plan'],
      ['check'],
      ['status'],
      ['status', '--json'],
      ['show', 'cert/server'],
      ['renew'],
    ] as const;
    for (const [command, ...args] of commands) {
      assert.is(scene.run(command, ...args).exit, 0, command);
      assert.equal(changedPaths(before, treeOf(scene.root)), [], command);
    }
  }));

test('without them, and with whatever became of them, everything is said as it was, and nobody hears of it', () =>
  inAppliedScene((scene) => {
    const [expected, whole] = [answers(scene), readFileSync(scene.at(path))];
    const flipped = Buffer.from(whole);
    flipped[flipped.length >> 1] = (flipped[flipped.length >> 1] as number) ^ 1;
    const spoilt: Readonly<Record<string, () => void>> = {
      'a bit flipped': () => writeFileSync(scene.at(path), flipped),
      'cut short': () => writeFileSync(scene.at(path), whole.subarray(0, 200)),
      garbage: () => writeFileSync(scene.at(path), Buffer.alloc(3000, 7)),
      'of another version': () => writeFileSync(scene.at(path), whole.toString('latin1').replace('certstate.facts 1', 'certstate.facts 2')),
      'readable by others': () => {
        writeFileSync(scene.at(path), whole);
        chmodSync(scene.at(path), 0o644);
      },
      none: () => rmSync(scene.at(path)),
      'a folder': () => mkdirSync(scene.at(path)),
    };
    for (const [what, spoil] of Object.entries(spoilt)) {
      spoil();
      assert.equal(answers(scene), expected, what);
    }
    // Neither does who cannot write them.
    const changed = scene.run('apply', '--yes', '--rekey', 'cert/server');
    assert.is(changed.exit, 0, changed.stderr);
    assert.is(changed.stderr, '');
    assert.ok(statSync(scene.at(path)).isDirectory());
  }));

test('whoever writes next makes them anew, of what is there now', () =>
  inAppliedScene((scene) => {
    const first = readFileSync(scene.at(path));
    assert.is(scene.run('apply', '--yes', '--rekey', 'cert/server').exit, 0);
    assert.is(rowsOf(scene), 12, 'what was just replaced stays until the next time');
    assert.is(scene.run('apply', '--yes', '--rekey', 'cert/client').exit, 0);
    assert.is(rowsOf(scene), 12);
    writeFileSync(scene.at(path), 'garbage');
    assert.is(scene.run('apply', '--yes', '--rekey', 'cert/client').exit, 0);
    assert.is.not(readFileSync(scene.at(path), 'latin1').split('"secret"')[1], first.toString('latin1').split('"secret"')[1]);
    const { stdout } = scene.run('plan');
    assert.match(stdout, 'No changes.');
  }));

test('another pair in the place of ours is seen, also one whose facts are kept', () =>
  inAppliedScene((scene) => {
    copyFileSync(scene.at('/tls/client.crt'), scene.at('/tls/server.crt'));
    copyFileSync(scene.at('/tls/client.key'), scene.at('/tls/server.key'));
    assert.ok(exists(scene));
    const { exit, stdout } = scene.run('plan', '--exit-code');
    assert.is(exit, 2);
    assert.match(stdout, /common name|subject/);
  }));

test('another user takes nothing from the owner’s facts, and says the same of what it may read', () => {
  if (!needsRoot() || !needs('setpriv')) return;
  return inAppliedScene((scene) => {
    for (const folder of [scene.folder, scene.root, scene.at('/var'), scene.at('/var/lib'), scene.at('/var/lib/certstate')])
      chmodSync(folder, 0o755);
    const under = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups'];
    const ofNobody = () => said(scene.runIn({ under }, 'plan'));
    const closed = ofNobody();
    // Readable: and yet it is not its own.
    chmodSync(scene.at(path), 0o644);
    assert.equal(ofNobody(), closed);
  });
});

test.run();
