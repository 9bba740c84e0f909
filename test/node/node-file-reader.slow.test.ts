import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { nodeFileReader } from '../../src/node/node-file-reader.ts';
import type { FileReading } from '../../src/ports/file-reader.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';

const test = suite('node/node-file-reader.slow');
const read = (path: string): FileReading => nodeFileReader.read(path, { maxBytes: 1024 });
const problemOf = (reading: FileReading) => (reading.state === 'refused' ? reading.problem : reading.state);

test('a FIFO without a writer and a socket are refused without waiting', async () =>
  inTemporaryFolder(async (folder) => {
    const fifo = join(folder, 'fifo');
    spawnSync('mkfifo', [fifo]);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(folder, 'socket'), resolve));
    try {
      for (const [path, cause] of [
        [fifo, 'a FIFO'],
        [join(folder, 'socket'), 'a socket'],
      ] as const) {
        const reading = read(path);
        assert.is(problemOf(reading), 'not-regular');
        assert.is(reading.state === 'refused' && reading.cause, cause);
      }
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  }));

test('what we may not read is unreadable, in words', () =>
  inTemporaryFolder((folder) => {
    const [file, closed] = [join(folder, 'ca.key'), join(folder, 'closed')];
    writeFileSync(file, 'secret');
    chmodSync(file, 0o000);
    mkdirSync(closed);
    chmodSync(closed, 0o000);
    chmodSync(folder, 0o755);
    const reader = new URL('../../src/node/node-file-reader.ts', import.meta.url).href;
    const script = `const { nodeFileReader: r } = await import(${JSON.stringify(reader)});
      if (process.getuid() === 0) { process.setgroups([]); process.setgid(65534); process.setuid(65534); }
      console.log(JSON.stringify([${JSON.stringify(file)}, ${JSON.stringify(join(closed, 'x'))}].map((path) => r.read(path, { maxBytes: 9 }))));`;
    const { stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', script], {
      encoding: 'utf8',
    });
    chmodSync(closed, 0o700);
    const readings = JSON.parse(stdout || `"${stderr}"`) as FileReading[];
    for (const reading of readings) assert.equal(reading, { state: 'refused', problem: 'unreadable', cause: 'permission denied (EACCES)' });
    assert.is(readings.length, 2);
  }));

test.run();
