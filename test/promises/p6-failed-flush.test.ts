/** P6: after a failed fsync the pages of a file may be lost for good, so it is never tried again on the same file: the next attempt writes another. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { diskBefore, setsOf } from '../support/crash-simulation.ts';
import { memoryFileSystem } from '../support/memory-file-system.ts';
import { codeOf, storeOn } from '../support/publications.ts';

const test = suite('promises/p6-failed-flush');

const simulation = { layout: 'pair', beginning: 'renewal' } as const;

function flushesOfOneChange(): number {
  const system = memoryFileSystem({ from: diskBefore(simulation) });
  storeOn(system).publish(setsOf(simulation));
  return system.operations.filter(({ name }) => name === 'syncFile').length;
}

for (let failing = 1; failing <= flushesOfOneChange(); failing += 1)
  test(`flush ${failing} fails once: no file is flushed twice, and the second attempt puts other files in place`, () => {
    const system = memoryFileSystem({ from: diskBefore(simulation) });
    const before = system.reader.read('/pki/a.key', { maxBytes: 1_000 });
    let flushes = 0;
    system.fault = ({ name }) => (name === 'syncFile' && ++flushes === failing ? 'EIO' : undefined);
    const [first] = storeOn(system).publish(setsOf(simulation));
    // What is flushed after the commit point is done again by whoever completes the change.
    assert.ok(first?.result === 'failed', codeOf(first));
    if (first.diagnostic.code === 'write-failed') assert.equal(storeOn(system).publish(setsOf(simulation)).map(codeOf), ['published']);
    const flushed = system.operations.filter(({ name }) => name === 'syncFile').map(({ detail }) => detail);
    assert.is(new Set(flushed).size, flushed.length);
    const after = system.reader.read('/pki/a.key', { maxBytes: 1_000 });
    assert.ok(before.state === 'read' && after.state === 'read' && before.status.inode !== after.status.inode);
  });

test.run();
