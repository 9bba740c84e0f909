/** The units of systemd, judged by systemd: they are understood to the last word, and closed as far as a program that replaces keys can be. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CommandName, commandNames } from '../../src/cli/command-table.ts';
import { needs, programPath } from '../support/needs.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';
import { printFigure } from '../support/torture.ts';

const test = suite('scripts/systemd-units');

const folder = resolve(import.meta.dirname, '../../templates/systemd');
const units = readdirSync(folder);
const services = units.filter((name) => name.endsWith('.service'));
const text = (unit: string): string => readFileSync(join(folder, unit), 'utf8');
const exec = /^ExecStart=\/usr\/bin\/certstate (?<command>\S+)/m;

test('each timer starts a service of its name, and each service runs a command that there is', () => {
  assert.equal(units.toSorted(), [
    'certstate-check.service',
    'certstate-check.timer',
    'certstate-keep.service',
    'certstate-renew.service',
    'certstate-renew.timer',
    'certstate-watch.service',
  ]);
  for (const service of services) assert.ok(commandNames.includes(exec.exec(text(service))?.groups?.['command'] as CommandName), service);
});

test('Node is not kept from compiling, files are replaced in whole folders, and no variable changes what is run', () => {
  for (const service of services) {
    assert.not.match(text(service), /^MemoryDenyWriteExecute/m);
    assert.not.match(text(service), /^ReadWritePaths=.*\.(?:crt|key|pem)/m);
    assert.match(text(service), /^UnsetEnvironment=.*NODE_OPTIONS/m);
  }
});

test('no home is hidden: what a unit cannot see it would take for absent', () => {
  for (const service of services) assert.match(text(service), /^ProtectHome=read-only$/m);
});

test('renewals are not delayed at random: their jitter is the same for every look', () => {
  for (const timer of units.filter((name) => name.endsWith('.timer'))) assert.not.match(text(timer), /^RandomizedDelaySec/m);
  assert.match(text('certstate-renew.timer'), /^Persistent=true$/m);
});

if (needs('systemd-analyze')) {
  const analyze = (...args: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync(programPath('systemd-analyze') as string, args, { encoding: 'utf8' });
    return { status, said: stdout + stderr };
  };

  /** Whether it is installed is no matter here: the program that they start is one that every machine has. */
  const laidOut = (body: (paths: readonly string[]) => void) =>
    inTemporaryFolder((work) => {
      for (const unit of units) copyFileSync(join(folder, unit), join(work, unit));
      for (const service of services) writeFileSync(join(work, service), text(service).replace('/usr/bin/certstate', process.execPath));
      body(units.map((unit) => join(work, unit)));
    });

  test('systemd understands every word of them', () =>
    laidOut((paths) => {
      const { status, said } = analyze('verify', '--man=no', ...paths);
      assert.is(said.replaceAll(/^.*(?:is not executable|Failed to prepare filename).*\n/gm, ''), '');
      assert.is(status, 0, said);
    }));

  for (const [service, most] of [
    ['certstate-renew.service', 3.0],
    ['certstate-keep.service', 3.2],
    ['certstate-check.service', 2.1],
    ['certstate-watch.service', 2.3],
  ] as const)
    test(`${service}: exposed ${most} of 10 at most`, () =>
      laidOut((paths) => {
        const { status, said } = analyze(
          'security',
          '--offline=true',
          `--threshold=${most * 10}`,
          ...paths.filter((path) => path.endsWith(service)),
        );
        // Older than 250: it can only judge units that are installed.
        if (/unrecognized option/.test(said)) return;
        assert.is(status, 0, said);
        printFigure('systemd', `${service}: ${/exposure level.*: (\S+)/.exec(said)?.[1]} of 10 exposed, by systemd-analyze security`);
      }));
}

test.run();
