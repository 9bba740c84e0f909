import { posix } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseInstant } from '../../src/domain/time.ts';
import type { FileReader } from '../../src/ports/file-reader.ts';
import { validateByFolder } from '../../src/reconcile/validate-files.ts';

const test = suite('reconcile/validate-files');

const authority = (name: string): string =>
  `authorities:\n  ${name}: { commonName: ${name}, files: { certificate: /${name}/ca.crt, privateKey: /${name}/ca.key } }\n`;
const certificate = (name: string, issuer: string, more = ''): string =>
  `certificates:\n  ${name}: { issuer: ${issuer}, commonName: ${name}, dnsNames: [${name}], profile: server, ${more}files: { certificate: /${name}.crt, privateKey: /${name}.key } }\n`;
const version = 'version: 1\n';

/** A disk of some files; what is read is counted. */
function diskOf(files: Readonly<Record<string, string>>): { readonly reader: FileReader; readonly reads: string[] } {
  const names = Object.keys(files);
  const reads: string[] = [];
  const reader = {
    folder: (path: string) => ({
      state: names.some((name) => posix.dirname(name) === posix.join(path, '../', posix.basename(path))) ? 'present' : 'not-a-directory',
    }),
    list: (path: string) =>
      names.filter((name) => posix.dirname(name) === posix.join(path, '../', posix.basename(path))).map((name) => posix.basename(name)),
    read: (path: string) => {
      reads.push(path);
      const text = files[posix.normalize(path)];
      if (text === undefined) return { state: 'absent' };
      const status = {
        mode: 0o100644,
        uid: 0,
        gid: 0,
        links: 1,
        size: 1,
        inode: BigInt(names.indexOf(posix.normalize(path))),
        device: 0n,
        changedAt: 0,
      };
      return { state: 'read', bytes: new TextEncoder().encode(text), status };
    },
  } as unknown as FileReader;
  return { reader, reads };
}

const now = parseInstant('2026-11-23T12:00:00Z') as NonNullable<ReturnType<typeof parseInstant>>;
const validated = (reader: FileReader, paths: readonly string[]) =>
  validateByFolder({ paths, reader, host: 'laptop', root: '', stateFolder: '/state', set: new Map(), now }, true);

/** Problems as `code file:line`, then what was found. */
function answer(files: Readonly<Record<string, string>>, ...paths: readonly string[]): string {
  const { found, diagnostics } = validated(diskOf(files).reader, paths);
  return [
    ...diagnostics.map(({ code, place }) => `${code}${place ? ` ${place.file}:${place.line}` : ''}`),
    ...(found?.resources ?? []).map(({ address }) => address),
  ].join(', ');
}

const split = { 'd/ca.yaml': version + authority('a'), 'd/leaf.yaml': version + certificate('web', 'a') };

// biome-ignore format: table
const rows: readonly (readonly [string, Readonly<Record<string, string>>, readonly string[], string])[] = [
  ['one file',                                                      { 'a.yaml': version + authority('a') }, ['a.yaml'], 'ca/a'],
  ['files of one folder are one desired state',                     split, ['d/ca.yaml', 'd/leaf.yaml'], 'ca/a, cert/web'],
  ['files of different folders are different ones: names repeat',   { 'd/a.yaml': version + authority('a'), 'e/a.yaml': version + authority('a') }, ['d/a.yaml', 'e/a.yaml'], 'ca/a, ca/a'],
  ['names are unique within a folder',                              { 'd/a.yaml': version + authority('a'), 'd/b.yaml': version + authority('a') }, ['d/a.yaml', 'd/b.yaml'], 'duplicate-name d/b.yaml:3, duplicate-path d/b.yaml:3, duplicate-path d/b.yaml:3'],
  ['an issuer is not looked for in another folder',                 { ...split, 'e/leaf.yaml': version + certificate('web', 'a') }, ['d/ca.yaml', 'e/leaf.yaml'], 'unknown-issuer e/leaf.yaml:3'],
  ['an issuer may stand in a file of the folder that was not named', split, ['d/leaf.yaml'], 'cert/web'],
  ['one that stands nowhere is unknown',                            { ...split, 'd/leaf.yaml': version + certificate('web', 'b') }, ['d/leaf.yaml'], 'unknown-issuer d/leaf.yaml:3'],
  ['a service may stand in a file that was not named',              { ...split, 'd/leaf.yaml': `${version + authority('b') + certificate('web', 'b', 'services: [nginx], ')}`, 'd/s.yaml': `${version}services: { nginx: { reload: [/bin/true] } }\n` }, ['d/leaf.yaml'], 'ca/b, cert/web'],
  ['a file with nothing but services is part of its folder',        { ...split, 'd/s.yaml': `${version}services: { nginx: { reload: [/bin/true] } }\n` }, ['d/s.yaml'], ''],
  ['by itself it describes nothing',                                { 'd/s.yaml': `${version}services: { nginx: { reload: [/bin/true] } }\n` }, ['d/s.yaml'], 'file-empty d/s.yaml:1'],
  ['nothing is said about what was not named',                      { ...split, 'd/compose.yaml': 'services: { web: { image: nginx } }\n', 'd/other.yml': ':\n  -' }, ['d/leaf.yaml'], ''],
  ['what an issuer elsewhere forbids is said',                      { ...split, 'd/ca.yaml': version + authority('a').replace('commonName', 'nameConstraints: { critical: true, permitted: { dnsDomains: [example.org] } }, commonName') }, ['d/leaf.yaml'], 'name-outside-constraints d/leaf.yaml:3'],
  ['a folder is its own files',                                     split, ['d'], 'ca/a, cert/web'],
  ['a folder and a file in it are one desired state',               split, ['d/', 'd/leaf.yaml'], 'ca/a, cert/web'],
  ['a file that is not there',                                      split, ['d/ca.yaml', 'd/nope.yaml'], 'file-missing'],
];
for (const [name, files, paths, expected] of rows) test(name, () => assert.is(answer(files, ...paths), expected));

test('each file is read once where nothing is missing: the work for 100 files is 100 times that for one', () => {
  const many = Object.fromEntries(
    Array.from({ length: 100 }, (_, index) => [`d${index % 10}/f${index}.yaml`, version + authority(`a${index}`)]),
  );
  const { reader, reads } = diskOf(many);
  const { found, texts } = validated(reader, Object.keys(many));
  assert.is(found?.resources.length, 100);
  assert.equal([...texts.keys()].toSorted(), Object.keys(many).toSorted());
  assert.is(reads.length, 100);
});

test.run();
