import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { reportRefused } from '../../src/cli/report-place.ts';
import { nodeFileReader } from '../../src/node/node-file-reader.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';

const test = suite('cli/report-place');

const pem = (label: string): string => `text before\n-----BEGIN ${label}-----\nMAo=\n-----END ${label}-----\n`;

// biome-ignore format: table
const staying: Readonly<Record<string, { readonly name: string; readonly bytes: string | Buffer }>> = {
  'a private key':                      { name: 'server.key',        bytes: pem('EC PRIVATE KEY') },
  'a certificate':                      { name: 'server.crt',        bytes: pem('CERTIFICATE').replaceAll('\n', '\r\n') },
  'a key in DER':                       { name: 'server.der',        bytes: Buffer.from([0x30, 0x82, 0x01, 0x22, 0x30]) },
  'a file of the desired state':        { name: 'state/etcd.yaml',   bytes: 'version: 1\n' },
  'the same by way of a link':          { name: 'linked/etcd.yaml',  bytes: 'version: 1\n' },
  'a desired state of whatever name':   { name: 'wanted',            bytes: 'version: 1\n' },
};

for (const [what, { name, bytes }] of Object.entries(staying)) {
  test(`${what} is not replaced by a report`, () =>
    inTemporaryFolder((folder) => {
      mkdirSync(join(folder, 'state'));
      symlinkSync('state', join(folder, 'linked'));
      writeFileSync(join(folder, name), bytes);
      const problem = reportRefused(nodeFileReader, join(folder, name), [join(folder, 'state'), join(folder, 'wanted')]);
      assert.is(problem?.code, 'report-unwritable');
      assert.match(problem?.notes?.[0] ?? '', 'is there, and stays');
    }));
}

// biome-ignore format: table
const replaced: Readonly<Record<string, { readonly name: string; readonly text?: string }>> = {
  'a file that is not there yet':             { name: 'new.sarif' },
  'an earlier report':                        { name: 'old.sarif',        text: '{"runs":[{"text":"-----BEGIN CERTIFICATE-----"}]}\n' },
  'a report that quotes a line with a key':   { name: 'old.txt',          text: '5 | -----BEGIN PRIVATE KEY-----\n' },
  'a report beside the YAML':                 { name: 'state/check.md',   text: '### certstate\n' },
};

for (const [what, { name, text }] of Object.entries(replaced)) {
  test(`${what} may be written`, () =>
    inTemporaryFolder((folder) => {
      mkdirSync(join(folder, 'state'));
      if (text !== undefined) writeFileSync(join(folder, name), text);
      assert.is(reportRefused(nodeFileReader, join(folder, name), [join(folder, 'state')]), undefined);
    }));
}

test.run();
