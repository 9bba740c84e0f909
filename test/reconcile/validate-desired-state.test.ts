import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseInstant } from '../../src/domain/time.ts';
import type { FileReader } from '../../src/ports/file-reader.ts';
import { validateDesiredState } from '../../src/reconcile/validate-desired-state.ts';

const test = suite('reconcile/validate-desired-state');

const authority = (name: string, more = ''): string =>
  `version: 1\n${more}authorities:\n  ${name}: { commonName: ${name}, files: { certificate: /${name}.crt, privateKey: /${name}.key } }\n`;

/** Problems and resources of files that are all the disk there is. */
function validated(files: Readonly<Record<string, string>>, anyHost = true): string {
  const names = Object.keys(files);
  const reader = {
    folder: () => ({ state: 'not-a-directory' }),
    read: (path: string) => ({
      state: 'read',
      bytes: new TextEncoder().encode(files[path]),
      status: { mode: 0o100644, uid: 0, gid: 0, links: 1, size: 1, inode: BigInt(names.indexOf(path)), device: 0n, changedAt: 0 },
    }),
  } as unknown as FileReader;
  const now = parseInstant('2026-11-23T12:00:00Z') as NonNullable<ReturnType<typeof parseInstant>>;
  const { state, diagnostics } = validateDesiredState(
    { paths: names, reader, host: 'laptop', root: '', stateFolder: '/state', set: new Map(), now },
    anyHost,
  );
  return [...diagnostics.map(({ code }) => code), ...(state?.resources ?? []).map(({ address }) => address)].join(' ');
}

const rows: readonly (readonly [string, Readonly<Record<string, string>>, string])[] = [
  ['a file for any host is judged once', { 'a.yaml': authority('a') }, 'ca/a'],
  ['a file for other hosts is judged as they would read it', { 'a.yaml': authority('a', 'hosts: { one: {}, two: {} }\n') }, 'ca/a'],
  [
    'files for different hosts are judged together',
    { 'a.yaml': authority('a', 'hosts: { one: {} }\n'), 'b.yaml': authority('b', 'hosts: { two: {} }\n'), 'c.yaml': authority('c') },
    'ca/a ca/c ca/b',
  ],
  ['a problem that all hosts have is said once', { 'a.yaml': authority('a', 'hosts: { one: {}, two: {} }\nx: 1\n') }, 'unknown-field'],
];
for (const [name, files, expected] of rows) test(name, () => assert.is(validated(files), expected));

test('with a host asked for, a file for others is refused', () => {
  assert.is(validated({ 'a.yaml': authority('a', 'hosts: { one: {} }\n') }, false), 'unknown-host');
});

test.run();
