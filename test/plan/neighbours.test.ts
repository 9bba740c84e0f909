import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { UnmanagedFile } from '../../src/domain/observed-state.ts';
import { days, earlier, type Instant, later } from '../../src/domain/time.ts';
import { neighbourDiagnostics } from '../../src/plan/neighbours.ts';
import { certificateFor, key, leaf, now } from '../support/plan-world.ts';

const test = suite('plan/neighbours');

const certificate = (path: string, notAfter: Instant = later(now, days(9))): UnmanagedFile => ({
  kind: 'certificate',
  path,
  certificate: certificateFor(leaf(), key('x'), undefined, { notAfter }),
});
const said = (...files: readonly UnmanagedFile[]) => neighbourDiagnostics(files, now).map(({ code, file }) => `${code} ${file}`);

test('nothing beside the managed files is nothing to say', () => assert.equal(said(), []));

test('what has expired, and a key that everybody can read, is told by itself', () =>
  assert.equal(said(certificate('/pki/old.crt', earlier(now, days(1))), { kind: 'key', path: '/pki/old.key', exposedMode: 0o644 }), [
    'unmanaged-expired /pki/old.crt',
    'unmanaged-key-exposed /pki/old.key',
  ]));

test('a date that does not parse is not called expired', () =>
  assert.equal(said(certificate('/pki/odd.crt', Number.NaN as Instant)), ['unmanaged /pki']));

test('the rest is told once for each folder, with a few of its names', () => {
  const files = ['a', 'b', 'c', 'd', 'e'].map((name) => certificate(`/pki/${name}.crt`));
  const diagnostics = neighbourDiagnostics([...files, { kind: 'key', path: '/tls/x.key' }], now);
  assert.equal(
    diagnostics.map(({ code, severity, file }) => [code, severity, file]),
    [
      ['unmanaged', 'notice', '/pki'],
      ['unmanaged', 'notice', '/tls'],
    ],
  );
  assert.match(diagnostics[0]?.message ?? '', 'a.crt, b.crt, c.crt and 2 more');
});

test.run();
