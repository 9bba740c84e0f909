/**
 * P12: nothing is ever written through a link, nor anywhere else than where it was meant to go. Somebody who may write on the way does each thing he can do
 * before each operation of a change (so that no gap between looking and acting is missed), and then as fast as he can while changes go on.
 * That the plan refuses such places beforehand is tested elsewhere: here nothing has warned us.
 */
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { nodeFileReader } from '../../src/node/node-file-reader.ts';
import { nodeFileWriter } from '../../src/node/node-file-writer.ts';
import type { FileWriter } from '../../src/ports/file-writer.ts';
import type { FileToPublish, Publication } from '../../src/ports/store.ts';
import { recover } from '../../src/store-files/recover.ts';
import { publishSet } from '../support/publications.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';
import { isTorture, printFigure } from '../support/torture.ts';
import { changedPaths, treeOf } from '../support/tree.ts';

const test = suite('promises/p12-links');

const self = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
const hashOf = (path: string): string => createHash('sha256').update(fs.readFileSync(path)).digest('hex');

interface Place {
  /** Where the pair belongs; two folders deep, both open to the attacker. */
  readonly above: string;
  readonly pki: string;
  readonly state: string;
  /** What must never change, with a file under every name that is written. */
  readonly outside: string;
}

function layOut(folder: string): Place {
  const place = {
    above: join(folder, 'above'),
    pki: join(folder, 'above/pki'),
    state: join(folder, 'state'),
    outside: join(folder, 'outside'),
  };
  fs.mkdirSync(place.pki, { recursive: true });
  // A link in a folder that only we can change is our own, and followed. Here everybody can.
  for (const path of [folder, place.above]) fs.chmodSync(path, 0o777);
  fs.mkdirSync(join(place.outside, 'pki'), { recursive: true });
  for (const end of ['key', 'crt']) {
    fs.writeFileSync(join(place.pki, `x.${end}`), `old ${end}`, { mode: 0o600 });
    for (const below of ['', 'pki/']) fs.writeFileSync(join(place.outside, `${below}x.${end}`), 'precious', { mode: 0o644 });
  }
  return place;
}

/** What a plan saw before the attack began. */
const filesFor = ({ pki }: Place, content = 'new'): readonly FileToPublish[] =>
  ['key', 'crt'].map((end) => {
    const path = join(pki, `x.${end}`);
    const expected = { path, exists: true, sha256: hashOf(path), mode: null, uid: null, gid: null };
    return { path, bytes: Buffer.from(`${content} ${end}`), mode: 0o600, ...self, newFolders: [], expected, replaced: 'kept', copy: false };
  });

const disk = (writer: FileWriter) => ({ writer, reader: nodeFileReader });
const publish = ({ state }: Place, files: readonly FileToPublish[], writer = nodeFileWriter()): Publication =>
  publishSet(disk(writer), files, { stateFolder: state });

const away = (path: string): string => {
  fs.rmSync(`${path}.away`, { recursive: true, force: true });
  if (fs.lstatSync(path, { throwIfNoEntry: false })) fs.renameSync(path, `${path}.away`);
  return path;
};
const stageIn = (folder: string): string | undefined => fs.readdirSync(folder).find((name) => name.startsWith('.certstate-'));

/** What somebody does who may write in the folders of a place. */
const attacks: Readonly<Record<string, (place: Place) => void>> = {
  'the folder becomes a link out': ({ pki, outside }) => fs.symlinkSync(outside, away(pki)),
  'the folder becomes a link to itself, moved': ({ pki }) => fs.symlinkSync(`${pki}.away`, away(pki)),
  'the folder becomes another folder': ({ pki }) => fs.mkdirSync(away(pki)),
  'the folder becomes a file': ({ pki }) => fs.writeFileSync(away(pki), ''),
  'the folder is gone': ({ pki }) => void away(pki),
  'the folder above becomes a link out': ({ above, outside }) => fs.symlinkSync(outside, away(above)),
  'the folder becomes /proc/self/cwd': ({ pki }) => fs.symlinkSync('/proc/self/cwd', away(pki)),
  'the key becomes a link out': ({ pki, outside }) => fs.symlinkSync(join(outside, 'x.key'), away(join(pki, 'x.key'))),
  'the certificate becomes a link out': ({ pki, outside }) => fs.symlinkSync(join(outside, 'x.crt'), away(join(pki, 'x.crt'))),
  'the certificate becomes a relative link out': ({ pki }) => fs.symlinkSync('../../outside/x.crt', away(join(pki, 'x.crt'))),
  'the key becomes a link to nothing, outside': ({ pki, outside }) => fs.symlinkSync(join(outside, 'new'), away(join(pki, 'x.key'))),
  'the key becomes a second name of a file outside': ({ pki, outside }) => fs.linkSync(join(outside, 'x.key'), away(join(pki, 'x.key'))),
  'the key becomes a folder': ({ pki }) => fs.mkdirSync(away(join(pki, 'x.key'))),
  'the key becomes a link to a folder outside': ({ pki, outside }) => fs.symlinkSync(outside, away(join(pki, 'x.key'))),
  'the key becomes a FIFO': ({ pki }) => void execFileSync('mkfifo', [away(join(pki, 'x.key'))]),
  'the key becomes /proc/self/mem': ({ pki }) => fs.symlinkSync('/proc/self/mem', away(join(pki, 'x.key'))),
  'the key becomes /proc/self/fd/1': ({ pki }) => fs.symlinkSync('/proc/self/fd/1', away(join(pki, 'x.key'))),
  'the key becomes /dev/null': ({ pki }) => fs.symlinkSync('/dev/null', away(join(pki, 'x.key'))),
  'the stage becomes a link out': ({ pki, outside }) => {
    const stage = stageIn(pki);
    if (stage !== undefined) fs.symlinkSync(outside, away(join(pki, stage)));
  },
  'the stage is moved out': ({ pki, outside }) => {
    const stage = stageIn(pki);
    if (stage !== undefined) fs.renameSync(join(pki, stage), join(outside, '..', 'stolen'));
  },
  'the stage becomes another folder, with links in it': ({ pki, outside }) => {
    const stage = stageIn(pki);
    if (stage === undefined) return;
    fs.mkdirSync(away(join(pki, stage)), { mode: 0o700 });
    for (const end of ['key', 'crt']) fs.symlinkSync(join(outside, `x.${end}`), join(pki, stage, `${end === 'key' ? 1 : 2}-x.${end}`));
  },
};

/** A writer that lets the attacker act once, before the given operation; tells how many there were. */
function attacked(at: number, attack: () => void): { readonly writer: FileWriter; readonly operations: () => number } {
  const real = nodeFileWriter();
  let count = 0;
  const entries = Object.entries(real) as readonly (readonly [string, (...args: readonly unknown[]) => unknown])[];
  const writer = Object.fromEntries(
    entries.map(([name, operation]) => [
      name,
      (...args: readonly unknown[]) => {
        if (!/^(?:randomName|userId|pathIn|closeFile|closeFolder)$/.test(name)) {
          if (count === at) attack();
          count += 1;
        }
        return operation(...args);
      },
    ]),
  ) as unknown as FileWriter;
  return { writer, operations: () => count };
}

let trials = 0;
for (const [name, attack] of Object.entries(attacks))
  test(`${name}, before any operation of a change or of its completion: nothing is written outside`, () =>
    inTemporaryFolder((folder) => {
      const results = new Set<string>();
      for (let at = 0, more = true; more; at += isTorture ? 1 : 5) {
        const trial = join(folder, `${at}`);
        fs.mkdirSync(trial);
        const place = layOut(trial);
        const files = filesFor(place);
        const before = treeOf(place.outside);
        const { writer, operations } = attacked(at, () => attack(place));
        results.add(publish(place, files, writer).result);
        more = operations() > at;
        const allowed = new Set(files.map(({ path }) => path));
        recover({ ...disk(nodeFileWriter()), root: '', stateFolder: place.state, allowed, settled: () => {} });
        // A second name of a file outside is counted by its inode: taking it away again changes the count, and nothing else.
        const after = new Map([...treeOf(place.outside)].map(([path, facts]) => [path, facts.replace(/ links \d+/, ' links 1')] as const));
        assert.equal(changedPaths(before, after), [], `${name} before operation ${at}`);
        trials += 1;
        fs.rmSync(trial, { recursive: true });
      }
      assert.ok(results.has('published'), 'never published: nothing was tried');
    }));

/** Swaps a folder for a link to another, and back, until it is told to stop. */
const swapper = `
const fs = require('node:fs');
const [pki, outside] = process.argv.slice(1);
let [swaps, running] = [0, true];
process.on('SIGTERM', () => { running = false; });
fs.writeSync(2, 'swapping');
(function swap() {
  for (let round = 0; round < 20; round += 1) {
    fs.renameSync(pki, pki + '.away');
    fs.symlinkSync(outside, pki);
    fs.unlinkSync(pki);
    fs.renameSync(pki + '.away', pki);
    swaps += 1;
  }
  if (running) setImmediate(swap); else fs.writeSync(1, String(swaps));
})();
`;

const races = isTorture ? 10_000 : 300;
test(`${races} changes while their folder is swapped for a link out, as fast as that goes: nothing is written outside`, () =>
  inTemporaryFolder(async (folder) => {
    const place = layOut(folder);
    const outside = join(place.outside, 'pki');
    const before = treeOf(place.outside);
    const nobody = self.uid === 0 ? { uid: 65_534, gid: 65_534 } : {};
    const child = spawn(process.execPath, ['-e', swapper, place.pki, outside], { ...nobody, stdio: ['ignore', 'pipe', 'pipe'] });
    const exited = new Promise((resolve) => child.once('close', resolve));
    let said = '';
    child.stdout.on('data', (chunk) => (said += chunk));
    await new Promise((resolve) => child.stderr.once('data', resolve));
    const results: Record<string, number> = {};
    let content = 'old';
    try {
      for (let round = 0; round < races; round += 1) {
        const files = ['key', 'crt'].map((end): FileToPublish => {
          const path = join(place.pki, `x.${end}`);
          const sha256 = createHash('sha256').update(`${content} ${end}`).digest('hex');
          const expected = { path, exists: true, sha256, mode: null, uid: null, gid: null };
          return {
            path,
            bytes: Buffer.from(`${round} ${end}`),
            mode: 0o600,
            ...self,
            newFolders: [],
            expected,
            replaced: 'kept',
            copy: false,
          };
        });
        const { result } = publish(place, files);
        results[result] = (results[result] ?? 0) + 1;
        if (result === 'published') content = `${round}`;
      }
    } finally {
      child.kill('SIGTERM');
      await exited;
    }
    assert.equal(changedPaths(before, treeOf(place.outside)), []);
    assert.equal(
      ['key', 'crt'].map((end) => fs.readFileSync(join(place.pki, `x.${end}`), 'utf8')),
      ['key', 'crt'].map((end) => `${content} ${end}`),
    );
    assert.ok((results['published'] ?? 0) > 0 && Object.keys(results).length > 1, `no race: ${JSON.stringify(results)}`);
    const { published = 0, ...refused } = results;
    printFigure(
      'P12',
      `${Object.keys(attacks).length} attacks before each operation, ${trials} in all; ${races} changes against ${said} swaps of the folder (${published} published, ${Object.values(refused).reduce((sum, count) => sum + count, 0)} refused): 0 writes outside`,
    );
  }));

test.run();
