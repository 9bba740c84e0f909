/** The compiled forms beside the program: they may change when it starts, never what it does. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { program, repository } from '../../scripts/prepare.mjs';
import { inTemporaryFolder } from '../support/temporary-folder.ts';

const test = suite('scripts/compiled-forms');

const etcd = join(repository, 'desired-state', 'starlingx-etcd.yaml');
const shipped = readFileSync(program.replace(/cjs$/, 'compiled'));
const end = shipped.indexOf('\n');
const head = shipped.toString('latin1', 0, end);

/** Counts the scripts that are compiled, those that come with a form, and those whose form V8 refuses. */
const counter = `const vm = require('node:vm');
const counts = { scripts: 0, forms: 0, refused: 0 };
vm.Script = class extends vm.Script {
  constructor(text, options) {
    super(text, options);
    counts.scripts += 1;
    if (options.cachedData) counts.forms += 1;
    if (this.cachedDataRejected) counts.refused += 1;
  }
};
process.on('exit', () => process.stderr.write(JSON.stringify(counts)));`;

interface Counted {
  readonly exit: number | null;
  readonly stdout: string;
  readonly counts: { readonly scripts: number; readonly forms: number; readonly refused: number };
}

async function validateWith(compiled: Buffer | undefined, flags: readonly string[] = []): Promise<Counted> {
  let counted: Counted | undefined;
  await inTemporaryFolder((folder) => {
    const [copy, preload] = [join(folder, 'certstate.cjs'), join(folder, 'counter.cjs')];
    copyFileSync(program, copy);
    writeFileSync(preload, counter);
    if (compiled) writeFileSync(join(folder, 'certstate.compiled'), compiled);
    const { status, stdout, stderr } = spawnSync(process.execPath, [...flags, '--require', preload, copy, 'validate', etcd], {
      encoding: 'utf8',
    });
    counted = { exit: status, stdout, counts: JSON.parse(stderr) };
  });
  return counted as Counted;
}

test('every chunk that checking a desired state asks for has a form, and the Node that built the program takes it', async () => {
  const { exit, counts } = await validateWith(shipped);
  assert.is(exit, 0);
  assert.ok(counts.scripts > 0);
  assert.equal(counts, { scripts: counts.scripts, forms: counts.scripts, refused: 0 });
});

// biome-ignore format: table
const others: Readonly<Record<string, { readonly compiled?: Buffer; readonly flags?: readonly string[]; readonly taken: boolean }>> = {
  'no compiled forms':                        { taken: false },
  'an empty file of them':                    { compiled: Buffer.alloc(0), taken: false },
  'something else in their place':            { compiled: Buffer.from('{"program":null}\n'), taken: false },
  'a head that was cut off':                  { compiled: shipped.subarray(0, end / 2), taken: false },
  'the forms of another program':             { compiled: changed(head.replace(/"program":"./, '"program":"g')), taken: false },
  'those for another version of Node':        { compiled: changed(head.replace(process.version, `v9${process.version.slice(2)}`)), taken: false },
  'those for another architecture':           { compiled: changed(head.replace(` ${process.arch}"`, ` ${process.arch.replace(/./, '_')}"`)), taken: false },
  'forms of which most were cut off':         { compiled: shipped.subarray(0, end + 1 + 4096), taken: true },
  'a Node whose V8 was given another flag':   { compiled: shipped, flags: ['--no-opt'], taken: true },
};

function changed(text: string): Buffer {
  assert.is.not(text, head);
  return Buffer.concat([Buffer.from(text, 'latin1'), shipped.subarray(end)]);
}

for (const [what, { compiled, flags, taken }] of Object.entries(others))
  test(`with ${what} it does the same, only later`, async () => {
    const [usual, { exit, stdout, counts }] = await Promise.all([validateWith(shipped), validateWith(compiled, flags)]);
    assert.equal([exit, stdout], [0, usual.stdout]);
    assert.is(counts.scripts, usual.counts.scripts);
    assert.is(counts.forms > 0, taken);
    if (taken) assert.ok(counts.refused > 0, 'V8 refuses what it cannot use');
  });

test.run();
