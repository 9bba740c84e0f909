import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { keylessText, othersValid, type ValidFiles, validText } from '../../src/report/valid-text.ts';

const test = suite('report/valid-text');

const [ca, cert, service] = [{ kind: 'ca' }, { kind: 'cert' }, { name: 'nginx' }] as const;

// biome-ignore format: table
const rows: readonly (readonly [ValidFiles, string])[] = [
  [{ files: ['a.yaml'], resources: [ca, cert, cert], services: [service] },          'a.yaml is valid: 1 authority, 2 certificates, 1 service.\n'],
  [{ files: ['a.yaml'], resources: [ca, ca], services: [] },                         'a.yaml is valid: 2 authorities.\n'],
  [{ files: ['s.yaml'], resources: [], services: [service, service] },               's.yaml is valid: 2 services.\n'],
  [{ files: ['s.yaml'], resources: [], services: [] },                               's.yaml is valid.\n'],
  [{ files: ['a.yaml', 'b/c.yaml'], resources: [cert], services: [] },               'a.yaml and b/c.yaml are valid: 1 certificate.\n'],
  [{ files: ['d/a.yaml', 'd/b.yaml', 'd/c.yaml'], resources: [cert], services: [] }, '3 files in d are valid: 1 certificate.\n'],
  [{ files: ['a.yaml', 'b.yaml', 'c.yaml'], resources: [cert], services: [] },       '3 files in this folder are valid: 1 certificate.\n'],
  [{ files: ['d/a.yaml', 'd/b.yaml', 'e/c.yaml'], resources: [cert], services: [] }, '3 files in 2 folders are valid: 1 certificate.\n'],
];
for (const [given, text] of rows) test(text.trim(), () => assert.is(validText(given), text));

test('what is in order beside what is not, and files without keys, are counted', () => {
  assert.is(othersValid(100, 3), '97 of 100 files are valid');
  assert.is(othersValid(2, 1), '1 of 2 files is valid');
  assert.is(keylessText(1), 'No private key in 1 file.\n');
});

test.run();
