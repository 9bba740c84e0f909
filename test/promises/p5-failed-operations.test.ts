/**
 * P5: any failed operation leaves the old pair in place and says what failed; once the change is committed, it is completed instead.
 * Every operation of a change × what the system can answer × once, or from then on.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Publication } from '../../src/ports/store.ts';
import { recover } from '../../src/store-files/recover.ts';
import { beginnings, contentOf, diskBefore, setsOf } from '../support/crash-simulation.ts';
import { type MemoryFileSystem, memoryFileSystem, type Operation } from '../support/memory-file-system.ts';
import { storeOn } from '../support/publications.ts';
import { printFigure } from '../support/torture.ts';

const test = suite('promises/p5-failed-operations');

const errnos = ['ENOSPC', 'EDQUOT', 'EIO', 'EROFS', 'EACCES', 'EMFILE', 'EINTR'] as const;
const paths = ['/pki/a.key', '/pki/a.crt'];
type Beginning = (typeof beginnings)[number];

function stateOf(system: MemoryFileSystem, beginning: Beginning): string {
  const states = paths.map((path) => {
    const text = system.text(path);
    if (text === contentOf('new', path)) return 'new';
    return text === (beginning === 'renewal' ? contentOf('old', path) : undefined) ? 'old' : 'damaged';
  });
  return states[0] === states[1] ? (states[0] as string) : `torn: ${states}`;
}

const warnings: string[] = [];

function change(system: MemoryFileSystem, beginning: Beginning): Publication {
  warnings.length = 0;
  const [publication] = storeOn(system, { warn: ({ code }) => warnings.push(code) }).publish(setsOf({ layout: 'pair', beginning }));
  return publication as Publication;
}

const beginningDisk = (beginning: Beginning): MemoryFileSystem => memoryFileSystem({ from: diskBefore({ layout: 'pair', beginning }) });

/** The undisturbed change, to know its operations and its commit point. */
function operationsOf(beginning: Beginning): { readonly operations: readonly Operation[]; readonly commit: number } {
  const system = beginningDisk(beginning);
  change(system, beginning);
  const { operations } = system;
  const record = operations.findIndex(({ name, detail }) => name === 'rename' && detail.startsWith('/state/journal/'));
  return { operations, commit: record + 1 };
}

let trials = 0;
for (const beginning of beginnings)
  for (const errno of errnos)
    for (const lasting of [false, true])
      test(`${beginning}, ${errno} at any operation, ${lasting ? 'and from then on' : 'once'}: never torn, never silent, and the next start mends it`, () => {
        const { operations, commit } = operationsOf(beginning);
        const outcomes = { old: 0, new: 0, unfinished: 0 };
        for (let failing = 0; failing < operations.length; failing += 1) {
          trials += 1;
          const { name } = operations[failing] as Operation;
          const where = `${name} (operation ${failing} of ${operations.length})`;
          const system = beginningDisk(beginning);
          system.fault = (operation, index) =>
            index === failing || (lasting && index > failing && operation.name === name) ? errno : undefined;
          const publication = change(system, beginning);
          const state = stateOf(system, beginning);
          assert.is(system.openDescriptors(), 0, `${where} left descriptors open`);
          if (publication.result === 'published') {
            assert.is(state, 'new', where);
            outcomes.new += 1;
          } else if (publication.result === 'failed') {
            const { code, message, notes = [] } = publication.diagnostic;
            assert.match(message, /\/(pki|state)/, `${where}: no path in "${message}"`);
            assert.match(notes.join('\n'), errno, `${where}: no errno`);
            assert.match(notes.join('\n'), /untouched|in place|what is still to be done/, `${where}: what was left is not said`);
            if (code !== 'change-unfinished') assert.is(state, 'old', where);
            else assert.ok(failing > commit || lasting, `${where}: unfinished before the commit point`);
            outcomes[code === 'change-unfinished' ? 'unfinished' : 'old'] += 1;
          } else assert.unreachable(`${where}: ${publication.result}`);
          system.fault = () => undefined;
          const { diagnostics } = recover({ ...system, root: '', stateFolder: '/state', allowed: new Set(paths), settled: () => {} });
          assert.equal(diagnostics, [], where);
          const mended = stateOf(system, beginning);
          assert.ok(mended === 'new' || (mended === 'old' && state === 'old'), `${where}: ${mended} after the next start`);
          assert.equal(
            (system.reader.list('/pki') ?? []).filter((entry) => entry.startsWith('.')),
            [],
            `${where} left a stage`,
          );
        }
        assert.ok(outcomes.old > 20 && outcomes.new > 0 && (!lasting || outcomes.unfinished > 0), JSON.stringify(outcomes));
      });

test('the figures', () => printFigure('P5', `${trials} failed operations, 0 torn, 0 silent`));

test.run();
