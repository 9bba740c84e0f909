import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { appendReport, writeReport } from '../../src/cli/report-file.ts';
import { nodeFileWriter } from '../../src/node/node-file-writer.ts';
import type { FileWriter } from '../../src/ports/file-writer.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';

const test = suite('cli/report-file');

test('a report is a new file that others may read, and takes the place of the last one as a whole', () =>
  inTemporaryFolder((folder) => {
    const path = join(folder, 'report.sarif');
    assert.is(writeReport(nodeFileWriter(), path, 'first, and longer'), undefined);
    const before = statSync(path);
    assert.is(before.mode & 0o777, 0o644);
    assert.is(writeReport(nodeFileWriter(), path, 'second'), undefined);
    assert.is(readFileSync(path, 'utf8'), 'second');
    assert.is.not(statSync(path).ino, before.ino);
    assert.equal(readdirSync(folder), ['report.sarif']);
  }));

// biome-ignore format: table
const inTheWay: Readonly<Record<string, (path: string) => void>> = {
  'a link':                (path) => symlinkSync('/nowhere', path),
  'a folder':              (path) => mkdirSync(path),
};

for (const [what, put] of Object.entries(inTheWay)) {
  test(`${what} in its place is neither followed nor replaced`, () =>
    inTemporaryFolder((folder) => {
      const path = join(folder, 'report.sarif');
      put(path);
      for (const write of [writeReport, appendReport]) {
        const problem = write(nodeFileWriter(), path, 'x');
        assert.is(problem?.code, 'report-unwritable');
        assert.match(problem?.notes?.[0] ?? '', what.slice(2) === 'link' ? 'symbolic link' : 'folder');
      }
      assert.equal(readdirSync(folder), ['report.sarif']);
    }));
}

test('a folder that is not there is named, and not made', () =>
  inTemporaryFolder((folder) => {
    const problem = writeReport(nodeFileWriter(), join(folder, 'reports/a.xml'), 'x');
    assert.is(problem?.code, 'report-unwritable');
    assert.is(problem?.hint, `mkdir -p ${join(folder, 'reports')}`);
    assert.not(existsSync(join(folder, 'reports')));
  }));

test('where the disk is full the last report stays, and nothing is left beside it', () =>
  inTemporaryFolder((folder) => {
    const path = join(folder, 'report.sarif');
    writeFileSync(path, 'yesterday');
    const full: FileWriter = {
      ...nodeFileWriter(),
      write: () => {
        throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
      },
    };
    const problem = writeReport(full, path, 'today');
    assert.match(problem?.notes?.[0] ?? '', 'no space left');
    assert.is(readFileSync(path, 'utf8'), 'yesterday');
    assert.equal(readdirSync(folder), ['report.sarif']);
  }));

test('what several steps collect is added to, and made where it is not there', () =>
  inTemporaryFolder((folder) => {
    const path = join(folder, 'summary');
    assert.is(appendReport(nodeFileWriter(), path, 'a\n'), undefined);
    chmodSync(path, 0o666);
    const { ino } = statSync(path);
    assert.is(appendReport(nodeFileWriter(), path, 'b\n'), undefined);
    assert.is(readFileSync(path, 'utf8'), 'a\nb\n');
    assert.is(statSync(path).ino, ino);
  }));

test.run();
