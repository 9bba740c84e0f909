import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { decodeFactsFile, encodeFactsFile, factsFile, newNaming, readFactsFile, rowName } from '../../src/records/facts-file.ts';
import { memoryFileSystem } from '../support/memory-file-system.ts';

const test = suite('records/facts-file');

const [naming, madeBy] = [newNaming(), 'certstate 1.2.3 with OpenSSL 3.0.19'];
const [one, other] = [rowName(naming, 'one'), rowName(naming, 'other')];
const rows = [
  [one, '["about one"]'],
  [other, '1'],
] as const;

function encoded(content: Parameters<typeof encodeFactsFile>[2] = { shared: '[{"common":1}]', rows }): Uint8Array {
  const bytes = encodeFactsFile(naming, madeBy, content);
  if (!bytes) throw new Error('it was too large');
  return bytes;
}

test('what is written is read back, and the same rows are the same bytes', () => {
  const file = decodeFactsFile(encoded(), madeBy);
  assert.equal(
    [file?.shared, file?.row(one), file?.row(other), file?.row(rowName(naming, 'a third'))],
    ['[{"common":1}]', '["about one"]', '1', undefined],
  );
  assert.equal(file?.naming, naming);
  assert.equal(encoded(), encoded());
  assert.is(decodeFactsFile(encoded({ shared: '', rows: [] }), madeBy)?.row(one), undefined);
});

test('what was made by another program, or with another OpenSSL, is none', () => {
  assert.is(decodeFactsFile(encoded(), 'certstate 1.2.4 with OpenSSL 3.0.19'), undefined);
});

test('a file that was cut short anywhere, or grew, is none', () => {
  const bytes = encoded();
  for (let length = 0; length < bytes.length; length += 1)
    assert.is(decodeFactsFile(bytes.slice(0, length), madeBy), undefined, `${length}`);
  assert.is(decodeFactsFile(Buffer.concat([bytes, Buffer.from('x')]), madeBy), undefined);
  assert.is(decodeFactsFile(Buffer.concat([bytes, bytes]), madeBy), undefined);
});

test('a file of which one bit is another is none, whichever bit it is', () => {
  for (let index = 0; index < encoded().length * 8; index += 1) {
    const bytes = Uint8Array.from(encoded());
    bytes[index >> 3] = (bytes[index >> 3] as number) ^ (1 << (index & 7));
    assert.is(decodeFactsFile(bytes, madeBy), undefined, `bit ${index}`);
  }
});

test('a row is named by a keyed hash: under another key the same content has another name, and its own hash is not in the file', () => {
  const identity = 'a'.repeat(64);
  assert.is.not(rowName(naming, identity), rowName(newNaming(), identity));
  const text = Buffer.from(encoded({ shared: '', rows: [[rowName(naming, identity), '1']] })).toString();
  assert.not.match(text, identity);
  assert.not.match(text, Buffer.from(identity, 'hex').toString('base64url').slice(0, 22));
});

test('more than is read again is not written', () => {
  const long = 'x'.repeat(1024 * 1024);
  assert.is(encodeFactsFile(naming, madeBy, { shared: '', rows: Array.from({ length: 65 }, () => [one, long] as const) }), undefined);
});

const us = { uid: 0, madeBy };
const written = { mode: 0o600, uid: 0 };

function readWith(status: { readonly mode?: number; readonly uid?: number }, keeper = us) {
  const disk = memoryFileSystem();
  disk.folder('/state', { mode: 0o700 });
  disk.file(`/state/${factsFile}`, encoded(), status);
  return readFactsFile(disk.reader, '/state', keeper);
}

test('a file of our own that nobody else can read or write is read', () => {
  assert.is(readWith(written)?.row(one), '["about one"]');
  assert.is(readWith({ mode: 0o400, uid: 0 })?.row(one), '["about one"]');
});

test('a file that somebody else wrote, or could have, is none', () => {
  assert.is(readWith({ mode: 0o600, uid: 1000 }), undefined);
  assert.is(readWith(written, { ...us, uid: 1000 }), undefined);
  for (const mode of [0o620, 0o602, 0o660, 0o666, 0o640, 0o644, 0o604]) assert.is(readWith({ mode, uid: 0 }), undefined, mode.toString(8));
});

test('a link, a folder and nothing are none', () => {
  const disk = memoryFileSystem();
  disk.folder('/state', { mode: 0o700 });
  assert.is(readFactsFile(disk.reader, '/state', us), undefined);
  disk.file('/state/elsewhere', encoded(), written);
  disk.link(`/state/${factsFile}`, '/state/elsewhere');
  assert.is(readFactsFile(disk.reader, '/state', us), undefined);
  disk.folder('/other', {});
  disk.folder(`/other/${factsFile}`, {});
  assert.is(readFactsFile(disk.reader, '/other', us), undefined);
});

test.run();
