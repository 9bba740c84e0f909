import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { report, reportFailure } from '../../src/cli/reports.ts';
import type { Run } from '../../src/cli/run.ts';
import { nodeFileReader } from '../../src/node/node-file-reader.ts';
import { nodeFileWriter } from '../../src/node/node-file-writer.ts';
import { plainStyle } from '../../src/report/style.ts';
import { now } from '../support/change-builders.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';

const test = suite('cli/reports, without a program');

/** A run of `check` in a folder, of which only the streams and the writer are there; what is said is kept. */
function runIn(workingFolder: string, rest: Partial<Run>): { readonly run: Run; readonly said: { out: string; err: string } } {
  const said = { out: '', err: '' };
  const terminal = {
    out: (text: string) => {
      said.out += text;
    },
    err: (text: string) => {
      said.err += text;
    },
    outStyle: plainStyle,
    errStyle: plainStyle,
  };
  const run = {
    command: 'check',
    reports: [],
    arguments: [],
    options: {},
    environment: {},
    workingFolder,
    hostName: 'host',
    terminal,
    ...rest,
  };
  return {
    said,
    run: { ...run, outside: { reader: nodeFileReader, writer: nodeFileWriter(), clock: { now: () => now } } } as unknown as Run,
  };
}

const result = { exit: 0, evaluatedAt: now, from: ['etcd.yaml'], text: () => 'text\n', json: () => ({ json: true }) } as const;

test('a command that broke off leaves reports that say so in the places of the old ones', () =>
  inTemporaryFolder(async (folder) => {
    const { run, said } = runIn(folder, {
      reports: [
        { format: 'sarif', file: 'c.sarif' },
        { format: 'markdown', file: 'c.md' },
        { format: 'json', file: 'c.json' },
      ],
    });
    await reportFailure(run, new TypeError('what nobody foresaw'));
    const [{ invocations }] = (JSON.parse(readFileSync(join(folder, 'c.sarif'), 'utf8')) as { runs: [{ invocations: object[] }] }).runs;
    assert.match(JSON.stringify(invocations), /"executionSuccessful":false,"exitCode":1.*what nobody foresaw/);
    assert.match(readFileSync(join(folder, 'c.md'), 'utf8'), 'could not finish, so this is no verdict');
    assert.match(readFileSync(join(folder, 'c.json'), 'utf8'), '"internal-error"');
    assert.equal(said, { out: '', err: '' });
  }));

test('what was found is asked for only where a format needs it', () =>
  inTemporaryFolder(async (folder) => {
    const { run, said } = runIn(folder, { reports: [{ format: 'text', file: 't.txt' }] });
    const found = () => {
      throw new Error('nobody asked');
    };
    assert.is(await report(run, { ...result, found }), 0);
    assert.is(said.out, 'text\n');
  }));

test('the text of a refusal goes to stderr, and into a file that asks for text', () =>
  inTemporaryFolder(async (folder) => {
    const { run, said } = runIn(folder, { reports: [{ format: 'text', file: 't.txt' }] });
    const found = () => ({ problems: [], resources: [], texts: new Map<string, string>() });
    assert.is(await report(run, { ...result, exit: 65, stream: 'err', found }), 65);
    assert.equal(said, { out: '', err: 'text\n' });
    assert.is(readFileSync(join(folder, 't.txt'), 'utf8'), 'text\n');
  }));

test.run();
