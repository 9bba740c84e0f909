import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { noNames } from '../../src/domain/alternative-names.ts';
import type {
  DesiredAuthority,
  DesiredCertificate,
  DesiredResource,
  DesiredState,
  FileRole,
  FileSet,
} from '../../src/domain/desired-state.ts';
import type { Place } from '../../src/domain/diagnostic.ts';
import type { Address } from '../../src/domain/names.ts';
import type { ObservedFile, ObservedState } from '../../src/domain/observed-state.ts';
import { encodePem } from '../../src/formats/pem.ts';
import { nodeAccounts } from '../../src/node/node-accounts.ts';
import { nodeFileReader } from '../../src/node/node-file-reader.ts';
import { memoryFactsCache } from '../../src/observe/facts-cache.ts';
import { type ObserveRequest, observe } from '../../src/observe/observe.ts';
import type { FileReader } from '../../src/ports/file-reader.ts';
import {
  authorityKeyIdentifier,
  certificateOf,
  certificatePem,
  commonName,
  ecPair,
  intermediateCertificate,
  keyIdOf,
  leafCertificate,
  type Pair,
  rootCertificate,
} from '../support/raw-certificate.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';

const test = suite('observe/observe');

const place: Place = { file: 'pki.yaml', line: 1, column: 1, endLine: 1, endColumn: 1 };
const common = { place, places: new Map<string, Place>(), subject: {}, names: noNames, accept: [] };
const fileSet = (files: Partial<Record<FileRole, string>>, more: Omit<FileSet, 'files'> = {}, owner?: string): FileSet => ({
  files: Object.entries(files).map(([role, path]) => ({ role: role as FileRole, path, owner, place })),
  ...more,
});
const authority = (name: string, set: FileSet, more: Partial<DesiredAuthority> = {}): DesiredAuthority => ({
  kind: 'ca',
  name,
  address: `ca/${name}`,
  ...common,
  fileSets: [set],
  trustedBy: [],
  ...more,
});
const certificate = (name: string, issuer: string, set: FileSet, more: Partial<DesiredCertificate> = {}): DesiredCertificate => ({
  kind: 'cert',
  name,
  address: `cert/${name}`,
  ...common,
  issuer: `ca/${issuer}`,
  usages: [],
  services: [],
  fileSets: [set],
  ...more,
});
const desiredOf = (...resources: readonly DesiredResource[]): DesiredState => ({
  resources,
  services: [],
  sources: [],
  from: [],
  host: 'here',
});

const us = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
const look = (desired: DesiredState, more: Partial<ObserveRequest> = {}): Promise<ObservedState> =>
  observe({ desired, reader: nodeFileReader, accounts: nodeAccounts(), root: '', process: us, ...more });

const [root, middle, leaf, other] = [ecPair(), ecPair(), ecPair(), ecPair()];
const keyPem = ({ privateKey }: Pair): string => encodePem('PRIVATE KEY', privateKey.export({ type: 'pkcs8', format: 'der' }));

/** A root, an intermediate and a leaf below it, in a folder. */
function writeThree(folder: string): DesiredState {
  const put = (name: string, content: string | Uint8Array) => writeFileSync(join(folder, name), content, { mode: 0o600 });
  put('root.crt', certificatePem(rootCertificate(root)));
  put('root.key', keyPem(root));
  put('middle.crt', certificatePem(intermediateCertificate(middle, root)));
  put('leaf.crt', certificatePem(leafOfMiddle(), intermediateCertificate(middle, root)));
  put('leaf.key', keyPem(leaf));
  const at = (name: string) => join(folder, name);
  return desiredOf(
    authority('root', fileSet({ certificate: at('root.crt'), privateKey: at('root.key') })),
    authority('middle', fileSet({ certificate: at('middle.crt'), privateKey: at('middle.key') }), { issuer: 'ca/root' }),
    certificate('leaf', 'middle', fileSet({ fullChain: at('leaf.crt'), privateKey: at('leaf.key') })),
  );
}

const leafOfMiddle = (): Buffer => leafCertificate(leaf, middle, { issuer: commonName('intermediate') });
const contentOf = (file: ObservedFile | undefined) => (file?.state === 'read' ? file.content : undefined);
const keyHash = (state: ObservedState, path: string): string | undefined => contentOf(state.files.get(path))?.keys[0]?.spkiSha256;
const certificateHash = (state: ObservedState, path: string): string | undefined =>
  contentOf(state.files.get(path))?.certificates[0]?.publicKey.spkiSha256;

test('a copy with another certificate than the master has a signature of its own: whether it is right, only that tells', () =>
  inTemporaryFolder(async (folder) => {
    const { resources } = writeThree(folder);
    const at = (name: string) => join(folder, name);
    const [issuedAgain, forged] = [
      leafCertificate(other, middle, { issuer: commonName('intermediate') }),
      leafCertificate(other, root, { issuer: commonName('intermediate') }),
    ];
    writeFileSync(at('again.crt'), certificatePem(issuedAgain));
    writeFileSync(at('forged.crt'), certificatePem(forged));
    writeFileSync(at('same.crt'), certificatePem(leafOfMiddle()));
    const files = { certificate: at('same.crt') };
    const copied = certificate('leaf', 'middle', fileSet(files), {
      fileSets: [fileSet(files), ...['again.crt', 'forged.crt'].map((name) => fileSet({ certificate: at(name) }))],
    });
    const state = await look({ ...desiredOf(), resources: [...resources.slice(0, 2), copied] });
    const hashOf = (name: string) => contentOf(state.files.get(at(name)))?.certificates[0]?.sha256;
    assert.equal(Object.fromEntries(state.copiesSignedBy ?? []), {
      [String(hashOf('again.crt'))]: certificateHash(state, at('middle.crt')),
      [String(hashOf('forged.crt'))]: null,
    });
  }));

test('in a file that begins with an issuer the certificate whose key is here is judged, as what it is, by its own signature', () =>
  inTemporaryFolder(async (folder) => {
    const { resources } = writeThree(folder);
    const at = (name: string) => join(folder, name);
    writeFileSync(at('leaf.crt'), certificatePem(rootCertificate(root), leafOfMiddle()), { mode: 0o644 });
    const files = fileSet({ certificate: at('leaf.crt'), privateKey: at('leaf.key') });
    const state = await look(desiredOf(...resources.slice(0, 2), certificate('leaf', 'middle', files)));
    assert.is(state.signedBy.get('cert/leaf'), certificateHash(state, at('middle.crt')));
    assert.equal(
      contentOf(state.files.get(at('leaf.crt')))?.certificates.map(({ problems }) => problems),
      [[], []],
    );
  }));

test('the signature of a provided certificate is traced too: a flipped bit, a namesake and a root that never signed are told', () =>
  inTemporaryFolder(async (folder) => {
    const put = (name: string, der: Uint8Array): string => {
      writeFileSync(join(folder, name), certificatePem(der));
      return join(folder, name);
    };
    const flipped = Buffer.from(rootCertificate(root));
    flipped[flipped.length - 1] = (flipped.at(-1) ?? 0) ^ 1;
    const signedBySomebody = leafCertificate(root, other, { subject: commonName('root'), issuer: commonName('root') });
    const provided = (name: string, der: Uint8Array, more: Partial<DesiredAuthority> = {}) =>
      authority(name, fileSet({ certificate: join(folder, `${name}.installed`) }), {
        provided: { certificate: put(`${name}.crt`, der), place },
        ...more,
      });
    const state = await look(
      desiredOf(
        provided('good', rootCertificate(root)),
        provided('flipped', flipped),
        provided('namesake', signedBySomebody),
        provided('below', intermediateCertificate(middle, root), { issuer: 'ca/good' }),
        provided('stranger', intermediateCertificate(middle, other), { issuer: 'ca/good' }),
        authority('unseen', fileSet({ certificate: join(folder, 'unseen') })),
        provided('orphan', intermediateCertificate(middle, root), { issuer: 'ca/unseen' }),
      ),
    );
    const ofRoot = certificateHash(state, join(folder, 'good.crt'));
    assert.equal(Object.fromEntries(state.providedSignedBy ?? []), {
      'ca/good': ofRoot,
      'ca/flipped': null,
      'ca/namesake': null,
      'ca/below': ofRoot,
      'ca/stranger': null,
    });
  }));

test("every file becomes facts, pairs match by their keys, and each signature is traced to its issuer's key", () =>
  inTemporaryFolder(async (folder) => {
    const state = await look(writeThree(folder));
    const at = (name: string) => join(folder, name);
    assert.is(keyHash(state, at('root.key')), certificateHash(state, at('root.crt')));
    assert.is(keyHash(state, at('leaf.key')), certificateHash(state, at('leaf.crt')));
    assert.is(state.files.get(at('middle.key'))?.state, 'absent');
    assert.equal(Object.fromEntries(state.signedBy), {
      'ca/root': certificateHash(state, at('root.crt')),
      'ca/middle': certificateHash(state, at('root.crt')),
      'cert/leaf': certificateHash(state, at('middle.crt')),
    });
    assert.is(contentOf(state.files.get(at('leaf.crt')))?.certificates.length, 2);
    assert.equal(
      [...state.files.values()].flatMap((file) => contentOf(file)?.certificates ?? []).flatMap(({ problems }) => problems),
      [],
    );
    assert.equal([...state.folders.values()], [{ path: folder, state: 'usable' }]);
  }));

test('nothing of a private key is in what was observed', () =>
  inTemporaryFolder(async (folder) => {
    const state = await look(writeThree(folder));
    const scalar = Buffer.from(String(root.privateKey.export({ format: 'jwk' }).d), 'base64url');
    const found = (value: unknown): boolean => {
      if (value instanceof Uint8Array) return Buffer.from(value).includes(scalar);
      if (value instanceof Map) return [...value.values()].some(found);
      if (typeof value === 'object' && value !== null) return Object.values(value).some(found);
      return (
        typeof value === 'string' && (value.includes(scalar.toString('hex')) || value.includes(scalar.toString('base64').slice(4, 30)))
      );
    };
    assert.not(found(state));
    assert.ok(found({ planted: scalar }));
  }));

test('an issuer of the same name and another key has not signed', () =>
  inTemporaryFolder(async (folder) => {
    const desired = writeThree(folder);
    writeFileSync(join(folder, 'root.crt'), certificatePem(rootCertificate(other)));
    const state = await look(desired);
    assert.is(state.signedBy.get('ca/middle'), null);
    assert.is(state.signedBy.get('ca/root'), certificateHash(state, join(folder, 'root.crt')));
  }));

test('with several generations in one file, the one that signed is found', () =>
  inTemporaryFolder(async (folder) => {
    const desired = writeThree(folder);
    writeFileSync(join(folder, 'root.crt'), certificatePem(rootCertificate(other), rootCertificate(root)));
    const state = await look(desired);
    assert.is(contentOf(state.files.get(join(folder, 'root.crt')))?.certificates.length, 2);
    assert.is(state.signedBy.get('ca/middle'), contentOf(state.files.get(join(folder, 'root.crt')))?.certificates[1]?.publicKey.spkiSha256);
  }));

test('where the issuer cannot be read, nothing is known about who signed', () =>
  inTemporaryFolder(async (folder) => {
    const desired = writeThree(folder);
    writeFileSync(join(folder, 'middle.crt'), 'garbage');
    const state = await look(desired);
    assert.not(state.signedBy.has('cert/leaf'));
    assert.not(state.signedBy.has('ca/middle'));
    assert.ok(state.signedBy.has('ca/root'));
  }));

test("what only the issuer's certificate shows is among the problems", () =>
  inTemporaryFolder(async (folder) => {
    const desired = writeThree(folder);
    writeFileSync(
      join(folder, 'middle.crt'),
      certificatePem(intermediateCertificate(middle, root, { extensions: { akid: authorityKeyIdentifier(keyIdOf(other)) } })),
    );
    const state = await look(desired);
    const problems = contentOf(state.files.get(join(folder, 'middle.crt')))?.certificates[0]?.problems;
    assert.equal(
      problems?.map(({ code }) => code),
      ['authority-key-identifier'],
    );
  }));

test('each file has its class, and a refused one keeps its hash and status', () =>
  inTemporaryFolder(async (folder) => {
    const at = (name: string) => join(folder, name);
    mkdirSync(at('folder'));
    symlinkSync('somewhere', at('link'));
    writeFileSync(at('empty'), '');
    writeFileSync(at('garbage'), 'garbage');
    writeFileSync(at('large'), Buffer.alloc(1024 * 1024 + 1));
    writeFileSync(at('key'), keyPem(root));
    const names = ['folder', 'link', 'empty', 'garbage', 'large', 'key', 'missing', 'no/folder'];
    const state = await look(
      desiredOf(...names.map((name) => certificate(name.replace('/', '-'), 'none', fileSet({ certificate: at(name) })))),
    );
    const classes = names.map((name) => {
      const file = state.files.get(at(name));
      return file?.state === 'unreadable' ? file.problem : file?.state;
    });
    assert.equal(classes, ['not-regular', 'symlink', 'empty', 'unparsable', 'too-large', 'wrong-kind', 'absent', 'absent']);
    const garbage = state.files.get(at('garbage'));
    assert.ok(garbage?.state === 'unreadable' && garbage.sha256?.length === 64 && garbage.status?.size === 7);
    const missing = state.files.get(at('no/folder'));
    assert.is(missing?.state === 'absent' && missing.missingFrom, at('no'));
    assert.is(state.folders.get(at('no'))?.state, 'absent');
    assert.is(state.folders.get(folder)?.state, 'usable');
  }));

test('links are followed for what is only observed, and its folder is not judged', () =>
  inTemporaryFolder(async (folder) => {
    writeFileSync(join(folder, 'real.crt'), certificatePem(rootCertificate(root)));
    symlinkSync('real.crt', join(folder, 'ca.crt'));
    const state = await look(desiredOf(authority('root', fileSet({ certificate: join(folder, 'ca.crt') }), { manage: 'observe' })));
    assert.is(state.files.get(join(folder, 'ca.crt'))?.state, 'read');
    assert.is(state.folders.size, 0);
  }));

test('a set on a mount that is not there is not looked at, one on a mount is', () =>
  inTemporaryFolder(async (folder) => {
    const desired = desiredOf({
      ...authority('root', fileSet({ certificate: join(folder, 'ca.crt') })),
      fileSets: [
        fileSet({ certificate: join(folder, 'ca.crt') }),
        fileSet({ certificate: join(folder, 'copy', 'ca.crt') }, { mount: join(folder, 'copy') }),
        fileSet({ certificate: '/proc/none' }, { mount: '/proc' }),
      ],
    });
    const state = await look(desired);
    assert.equal([...state.mounted], ['/proc']);
    assert.equal([...state.files.keys()], [join(folder, 'ca.crt'), '/proc/none']);
  }));

test('what was provided is read too, and its folder is not to be written', () =>
  inTemporaryFolder(async (folder) => {
    const desired = writeThree(folder);
    const provided = { certificate: join(folder, 'middle.crt'), privateKey: join(folder, 'leaf.key'), place };
    const state = await look(
      desiredOf(
        authority('imported', fileSet({ certificate: join(folder, 'new', 'ca.crt') }), { provided }),
        ...desired.resources.slice(0, 0),
      ),
    );
    assert.is(certificateHash(state, provided.certificate)?.length, 64);
    assert.is(keyHash(state, provided.privateKey)?.length, 64);
    assert.equal([...state.folders.keys()], [join(folder, 'new')]);
  }));

test('only what was asked for and its issuers are looked at', () =>
  inTemporaryFolder(async (folder) => {
    const desired = writeThree(folder);
    const state = await look(desired, { only: new Set<Address>(['ca/middle']) });
    assert.equal([...state.signedBy.keys()], ['ca/root', 'ca/middle']);
    assert.not(state.files.has(join(folder, 'leaf.crt')));
  }));

test('each path is opened once, and what is known of its bytes is not worked out again', () =>
  inTemporaryFolder(async (folder) => {
    const desired = writeThree(folder);
    const opened: string[] = [];
    const reader: FileReader = {
      ...nodeFileReader,
      read: (path, options) => {
        opened.push(path);
        return nodeFileReader.read(path, options);
      },
    };
    const cache = memoryFactsCache();
    const first = await look(desired, { reader, cache });
    assert.is(opened.length, new Set(opened).size);
    const unused = () => {
      throw new Error('worked out again');
    };
    const second = await look(desired, {
      cache: {
        certificate: (key, der) => cache.certificate(key, der, unused),
        privateKey: (key) => cache.privateKey(key, unused),
        signature: (child, issuer) => cache.signature(child, issuer, unused),
      },
    });
    assert.equal([...second.signedBy], [...first.signedBy]);
  }));

test('under a root nothing outside it is read or trusted', () =>
  inTemporaryFolder(async (folder) => {
    const rootFolder = join(folder, 'root');
    mkdirSync(join(rootFolder), { recursive: true });
    mkdirSync(join(folder, 'outside'));
    writeFileSync(join(folder, 'outside', 'ca.crt'), certificatePem(rootCertificate(root)));
    symlinkSync('../outside', join(rootFolder, 'etc'));
    const path = join(rootFolder, 'etc', 'ca.crt');
    const state = await look(desiredOf(authority('root', fileSet({ certificate: path }))), { root: rootFolder });
    const file = state.files.get(path);
    assert.is(file?.state === 'unreadable' && file.problem, 'symlink');
    assert.is(state.folders.get(join(rootFolder, 'etc'))?.state, 'unsafe');
  }));

test('users and groups that the desired state names have their numbers, unknown ones have none', () =>
  inTemporaryFolder(async (folder) => {
    const [known, unknown] = [
      fileSet({ certificate: join(folder, 'a') }, {}, 'root'),
      fileSet({ certificate: join(folder, 'b') }, {}, 'no-such-user'),
    ];
    const state = await look(desiredOf(authority('a', known), authority('b', unknown)));
    assert.equal(
      [...state.users],
      [
        ['root', 0],
        ['no-such-user', undefined],
      ],
    );
    assert.is(state.userNames.get(0), 'root');
    assert.equal(state.process, us);
  }));

test('the event loop turns while many resources are looked at', () =>
  inTemporaryFolder(async (folder) => {
    const resources = Array.from({ length: 200 }, (_, index) =>
      certificate(`c${index}`, 'none', fileSet({ certificate: join(folder, `${index}`) })),
    );
    let turns = 0;
    const ticking = setInterval(() => {
      turns += 1;
    }, 0);
    const immediate = () => {
      turns += 1;
      handle = setImmediate(immediate);
    };
    let handle = setImmediate(immediate);
    await look(desiredOf(...resources));
    clearInterval(ticking);
    clearImmediate(handle);
    assert.ok(turns >= 3, `${turns}`);
  }));

test('a certificate of another authority in the place of ours has not signed itself', () =>
  inTemporaryFolder(async (folder) => {
    const foreign = certificateOf(other, root, {}, {});
    writeFileSync(join(folder, 'ca.crt'), certificatePem(foreign));
    const state = await look(desiredOf(authority('root', fileSet({ certificate: join(folder, 'ca.crt') }))));
    assert.is(state.signedBy.get('ca/root'), null);
  }));

test.run();
