import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Change } from '../../src/domain/plan.ts';
import { planText } from '../../src/report/plan-text.ts';
import {
  at,
  change,
  context,
  difference,
  hash,
  issued,
  newFile,
  plan,
  rootSummary,
  summary,
  updatedFile,
} from '../support/change-builders.ts';
import { create, newNames } from '../support/etcd-changes.ts';

const test = suite('report/attribute-lines');

const reissued = (rest: Partial<Change>): string => planText(plan([{ ...newNames, effects: [], services: [], ...rest }]), context());

// biome-ignore format: table
const rows: readonly (readonly [string, Partial<Change>, string])[] = [
  ['a subject',              { after: issued({ subject: 'CN=other' }) },                                     '    subject  CN=etcd-server  ->  CN=other\n'],
  ['an issuer by its name',  { after: issued({ issuer: 'CN=new' }) },                                        '    issuer   CN=etcd  ->  CN=new\n'],
  ['an issuer that signed',  { differences: [difference('issuer', { observed: 'CN=other', desired: 'ca/etcd' })] }, '    issuer   CN=other  ->  ca/etcd\n'],
  ['one of the same name',   { differences: [difference('issuer', { observed: 'CN=etcd', desired: 'ca/etcd' })] }, '    issuer   another CN=etcd  ->  ca/etcd\n'],
  ['a usage that goes',      { after: issued({ usages: ['server auth'] }) },                                  '    usages   - client auth     on disk, not in the desired state\n               server auth\n'],
  ['an authority no longer', { before: summary({ ca: true, pathLength: 0 }), after: issued() },              '    limits   authority, path length 0  ->  no authority\n'],
  ['another algorithm',      { key: 'new', after: issued({ key: { algorithm: 'Ed25519', size: 0, spkiSha256: null } }) }, '    key      RSA 4096  ->  Ed25519, new\n'],
  ['a new key of its kind',  { key: 'new', after: issued() },                                                '    key      RSA 4096, new\n'],
  ['an end before its time', { endsAbout: at('2027-03-01T00:00:00Z') },                                      'from apply (to about 2027-03-01, where its'],
  ['a provided certificate', { after: summary({ notBefore: at('2026-01-01T00:00:00Z'), notAfter: at('2030-01-01T00:00:00Z') }) }, '    valid    2026-07-02 .. 2027-07-02  ->  2026-01-01 .. 2030-01-01\n'],
];
for (const [name, rest, expected] of rows) test(`${name} is one line of before and after`, () => assert.match(reissued(rest), expected));

test('a pair that is brought along is installed, and both of its sources are named', () => {
  const provided = create('ca/etcd');
  const text = planText(
    plan([
      {
        ...provided,
        after: summary({ ca: true }),
        material: {
          key: { from: 'file', path: '/import/ca.key', spkiSha256: hash('2829b7cb74cc') },
          certificate: { from: 'file', path: '/import/ca.crt', sha256: hash('2829b7cb74cc') },
          chain: [],
          generations: [],
        },
      },
    ]),
    context(),
  );
  assert.match(text, /^ {4}install {2}CN=etcd-server, .*from \/import\/ca\.crt$/m);
  assert.match(text, /^ {4}key {6}RSA 4096, from \/import\/ca\.key$/m);
});

test('many names are shown up to twenty lines, and the rest is counted', () => {
  const names = Array.from({ length: 50 }, (_, index) => `DNS:n${index}.example`);
  assert.match(reissued({ after: issued({ names }) }), '  ... and 33 more\n');
});

test('a new key in the place of what was no key is called new', () => {
  const text = reissued({
    action: 'rekey',
    key: 'new',
    replaces: { key: false, certificate: false, trustAnchor: false },
    files: [updatedFile('/etc/etcd/a.key', 'privateKey')],
  });
  assert.match(text, '-/+ /etc/etcd/a.key     new key\n');
  assert.not.match(text, 'same key');
});

test('the key is kept, and its file written again: it says so', () => {
  const text = reissued({ files: [updatedFile('/etc/etcd/a.key', 'privateKey'), newFile('/etc/etcd/a.crt', 'certificate', { set: 1 })] });
  assert.match(text, '~ /etc/etcd/a.key     same key\n');
  assert.match(text, '+ /etc/etcd/a.crt     0644 root:root (copy)\n');
});

test('an owner that has no name here is shown by its number', () => {
  const before = { exists: true, mode: 0o644, uid: 1234, gid: 0 };
  assert.match(reissued({ files: [newFile('/a.crt', 'certificate', { action: 'chown', before })] }), 'owner  1234:root  ->  root:root\n');
});

test('an intermediate names who signs it, and whether that is made first', () => {
  const after = rootSummary({ notBefore: null, notAfter: null, serial: null, sha256: null, pathLength: 0 });
  const intermediate = change('ca/sub', {
    action: 'create',
    key: 'new',
    before: null,
    after,
    issuer: 'ca/etcd',
    differences: [difference('missing')],
  });
  assert.match(
    planText(plan([create('ca/etcd'), intermediate]), context()),
    'issue    CN=etcd, intermediate authority, signed by ca/etcd (created above), path length 0\n',
  );
  assert.match(planText(plan([intermediate]), context()), 'signed by ca/etcd, path length 0\n');
});

test('what has several causes shows each sentence once', () => {
  const text = reissued({
    differences: [
      difference('requested-renew', { origin: 'request' }),
      difference('requested-renew', { origin: 'request' }),
      difference('key-mismatch', { observed: hash('a') }),
    ],
  });
  assert.match(text, '    because  asked for with --renew\n             certificate and key do not belong together\n');
});

test.run();
