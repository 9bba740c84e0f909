import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { applyPlan } from '../../src/apply/apply-plan.ts';
import type { ApplyRequest } from '../../src/apply/apply-request.ts';
import { localIssuing } from '../../src/apply/issuing.ts';
import type { Address } from '../../src/domain/names.ts';
import type { ApplyEvent, Outcome, ResourceOutcome } from '../../src/domain/outcome.ts';
import type { Change } from '../../src/domain/plan.ts';
import { days } from '../../src/domain/time.ts';
import { decodeLedger } from '../../src/formats/ledger.ts';
import { readPem } from '../../src/formats/pem.ts';
import type { FileWriter } from '../../src/ports/file-writer.ts';
import { readCertificate } from '../../src/x509/read-certificate.ts';
import { readPrivateKey } from '../../src/x509/read-private-key.ts';
import { isSignedBy } from '../../src/x509/verify-signature.ts';
import { issuance, now, rootIssuance } from '../support/issuances.ts';
import { type MemoryFileSystem, memoryFileSystem } from '../support/memory-file-system.ts';
import { change, createLeaf, createRoot, fileChange, material, pairOf, planOf, signer } from '../support/plan-builders.ts';
import { storeOn } from '../support/publications.ts';

const test = suite('apply/apply-plan');

/** A system with `/pki`, on which plans are carried out one after the other. */
function pki(): MemoryFileSystem {
  const system = memoryFileSystem({ writeAtMost: 10_000 });
  system.folder('/pki');
  return system;
}

/** What is there besides the state directory. */
const pathsIn = (system: MemoryFileSystem): readonly string[] => Object.keys(targets(system));
const targets = (system: MemoryFileSystem): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(system.tree()).filter(([path]) => !path.startsWith('/state')));

interface Carried extends Outcome {
  readonly events: readonly ApplyEvent[];
}

async function carryOut(system: MemoryFileSystem, changes: readonly Change[], rest: Partial<ApplyRequest> = {}): Promise<Carried> {
  const events: ApplyEvent[] = [];
  const outcome = await applyPlan({
    plan: planOf(changes, system.reader),
    store: storeOn(system),
    reader: system.reader,
    clock: { now: () => now, elapsed: () => 0 },
    check: () => [],
    onEvent: (event) => events.push(event),
    signal: new AbortController().signal,
    parallelism: 2,
    failFast: false,
    root: '',
    ...rest,
  });
  return { ...outcome, events };
}

const results = ({ resources }: Outcome): readonly string[] => resources.map((outcome) => `${outcome.address} ${describe(outcome)}`);
const describe = (outcome: ResourceOutcome): string =>
  outcome.result === 'failed'
    ? outcome.diagnostic.code
    : outcome.result === 'held-back'
      ? `held back by ${outcome.because}`
      : outcome.result;

const certificatesIn = (system: MemoryFileSystem, path: string) =>
  readPem(Buffer.from(system.text(path) ?? '')).blocks.flatMap(({ label, der }) => {
    const reading = label === 'CERTIFICATE' ? readCertificate(der) : undefined;
    return reading?.ok ? [reading.facts] : [];
  });
const certificateIn = (system: MemoryFileSystem, path: string) => {
  const [certificate] = certificatesIn(system, path);
  if (!certificate) throw new Error(`no certificate in ${path}: ${pathsIn(system)}`);
  return certificate;
};
const keyIn = (system: MemoryFileSystem, path: string) => {
  const block = readPem(Buffer.from(system.text(path) ?? '')).blocks.find(({ label }) => label.endsWith('PRIVATE KEY'));
  const reading = block && readPrivateKey(block);
  if (!reading?.ok) throw new Error(`no key in ${path}`);
  return reading.facts;
};

test('an authority and what it signs come out of one run, the issuer first', async () => {
  const system = pki();
  const carried = await carryOut(system, [createRoot('root'), createLeaf('a', 'root'), createLeaf('b', 'root')]);
  assert.equal(results(carried), ['ca/root done', 'cert/a done', 'cert/b done']);
  assert.equal(pathsIn(system), ['/pki', '/pki/a.crt', '/pki/a.key', '/pki/b.crt', '/pki/b.key', '/pki/root.crt', '/pki/root.key']);
  const root = certificateIn(system, '/pki/root.crt');
  for (const name of ['a', 'b']) {
    const leaf = certificateIn(system, `/pki/${name}.crt`);
    assert.ok(isSignedBy(leaf, root));
    assert.is(leaf.publicKey.spkiSha256, keyIn(system, `/pki/${name}.key`).spkiSha256);
    assert.is(system.tree()[`/pki/${name}.key`]?.slice(0, 4), '0600');
  }
});

test('what is published is told: serial, end, hashes of certificate, key and every file', async () => {
  const system = pki();
  const { resources } = await carryOut(system, [createRoot('root')]);
  const [outcome] = resources;
  assert.is(outcome?.result, 'done');
  if (outcome?.result !== 'done') return;
  const certificate = certificateIn(system, '/pki/root.crt');
  assert.equal(outcome.published, {
    serial: certificate.serial,
    notAfter: certificate.notAfter,
    sha256: certificate.sha256,
    spkiSha256: certificate.publicKey.spkiSha256,
  });
  assert.equal(outcome.paths, ['/pki/root.key', '/pki/root.crt']);
  const plan = planOf([createRoot('root')], system.reader);
  assert.equal(outcome.written, Object.fromEntries(plan.preconditions.map(({ path, sha256 }) => [path, sha256])));
});

test('a leaf is issued under an authority that is on disk, whose files are opened once for all of them', async () => {
  const system = pki();
  await carryOut(system, [createRoot('root')]);
  let opened = 0;
  const signerOf: typeof localIssuing.signerOf = (authority) => {
    opened += 1;
    return localIssuing.signerOf(authority);
  };
  const issuing = { ...localIssuing, signerOf };
  const carried = await carryOut(system, [createLeaf('a', 'root'), createLeaf('b', 'root'), createLeaf('c', 'root')], { issuing });
  assert.equal(results(carried), ['cert/a done', 'cert/b done', 'cert/c done']);
  assert.is(opened, 1);
});

test('an intermediate made in this run signs, and stands in chain, full chain and combined; the root does not', async () => {
  const system = pki();
  const below = issuance({
    subject: { commonName: 'sub' },
    usages: ['cert sign'],
    authority: { pathLength: 0 },
    issuer: signer('root'),
    duration: days(50),
  });
  const leaf = createLeaf('leaf', 'sub');
  const roles = (['chain', 'fullChain', 'combined'] as const).map((role) => fileChange(`/pki/leaf.${role}`, role));
  const carried = await carryOut(system, [
    createRoot('root'),
    change('ca/sub', { dependsOn: ['ca/root'], files: pairOf('sub'), material: material({ from: 'issue', issuance: below }) }),
    {
      ...leaf,
      files: [...roles, ...leaf.files],
      material: {
        ...material({ from: 'issue', issuance: issuance({ issuer: signer('sub') }) }),
        chain: [{ address: 'ca/sub', certificate: '/pki/sub.crt' }],
      },
    },
  ]);
  assert.equal(results(carried), ['ca/root done', 'ca/sub done', 'cert/leaf done']);
  const [sub, own] = [certificateIn(system, '/pki/sub.crt').sha256, certificateIn(system, '/pki/leaf.crt').sha256];
  const hashes = (path: string) => certificatesIn(system, path).map(({ sha256 }) => sha256);
  assert.equal([hashes('/pki/leaf.chain'), hashes('/pki/leaf.fullChain'), hashes('/pki/leaf.combined')], [[sub], [own, sub], [own, sub]]);
  assert.is(keyIn(system, '/pki/leaf.combined').spkiSha256, keyIn(system, '/pki/leaf.key').spkiSha256);
  assert.is(system.tree()['/pki/leaf.combined']?.slice(0, 4), '0600');
});

test('files with a key are put in place before those without', async () => {
  const system = pki();
  const root = createRoot('root');
  await carryOut(system, [{ ...root, files: [...root.files, fileChange('/pki/root.pem', 'combined')] }]);
  const placed = system.operations.filter(({ name, detail }) => name === 'rename' && detail.startsWith('/pki')).map(({ detail }) => detail);
  assert.equal(placed, ['/pki/root.key', '/pki/root.pem', '/pki/root.crt']);
});

test('a key that is kept keeps its form, unless another form of it is asked for', async () => {
  const system = pki();
  await carryOut(system, [createRoot('root'), createLeaf('a', 'root')]);
  const before = { key: keyIn(system, '/pki/a.key'), certificate: certificateIn(system, '/pki/a.crt') };
  const key = { from: 'file', path: '/pki/a.key', spkiSha256: before.key.spkiSha256 } as const;
  const renewed = (encoding?: 'SEC1') =>
    createLeaf('a', 'root', '/pki', {
      action: 'renew',
      key: 'kept',
      material: material({ from: 'issue', issuance: issuance({ issuer: signer('root') }) }, { key: { ...key, encoding } }),
    });
  assert.equal(results(await carryOut(system, [renewed()])), ['cert/a done']);
  assert.equal(keyIn(system, '/pki/a.key'), before.key);
  assert.is.not(certificateIn(system, '/pki/a.crt').serial, before.certificate.serial);
  assert.equal(results(await carryOut(system, [renewed('SEC1')])), ['cert/a done']);
  assert.equal(keyIn(system, '/pki/a.key'), { ...before.key, encoding: 'SEC1' });
});

test('a fix of mode or owner changes not a byte, but makes another file', async () => {
  const system = pki();
  await carryOut(system, [createRoot('root')]);
  const text = `a note\n${system.text('/pki/root.key')}another note\n`;
  system.file('/pki/root.key', text, { mode: 0o644 });
  const { sha256, publicKey } = certificateIn(system, '/pki/root.crt');
  const fix = change('ca/root', {
    action: 'fix',
    key: 'kept',
    files: [fileChange('/pki/root.key', 'privateKey', { action: 'chmod' })],
    material: material(
      { from: 'file', path: '/pki/root.crt', sha256 },
      { key: { from: 'file', path: '/pki/root.key', spkiSha256: publicKey.spkiSha256 } },
    ),
  });
  assert.equal(results(await carryOut(system, [fix])), ['ca/root done']);
  assert.is(system.text('/pki/root.key'), text);
  assert.is(system.tree()['/pki/root.key']?.slice(0, 4), '0600');
});

test('a copy that is gone comes back from the master, further generations of an authority included', async () => {
  const system = pki();
  await carryOut(system, [createRoot('old'), createRoot('root')]);
  const [old, root] = [certificateIn(system, '/pki/old.crt'), certificateIn(system, '/pki/root.crt')];
  system.file('/pki/root.crt', `${system.text('/pki/old.crt')}${system.text('/pki/root.crt')}`);
  const fix = change('ca/root', {
    action: 'fix',
    key: 'kept',
    files: [fileChange('/pki/copy.crt', 'certificate', { set: 1 }), fileChange('/pki/copy.key', 'privateKey', { set: 1 })],
    material: material(
      { from: 'file', path: '/pki/root.crt', sha256: root.sha256 },
      {
        key: { from: 'file', path: '/pki/root.key', spkiSha256: root.publicKey.spkiSha256 },
        generations: [{ path: '/pki/root.crt', sha256: old.sha256 }],
      },
    ),
  });
  assert.equal(results(await carryOut(system, [fix])), ['ca/root done']);
  assert.equal(
    certificatesIn(system, '/pki/copy.crt').map(({ sha256 }) => sha256),
    [root.sha256, old.sha256],
  );
  assert.is(system.text('/pki/copy.key'), system.text('/pki/root.key'));
});

test('of several generations the one whose key is here signs', async () => {
  const system = pki();
  await carryOut(system, [createRoot('old'), createRoot('root')]);
  system.file('/pki/root.crt', `${system.text('/pki/old.crt')}${system.text('/pki/root.crt')}`);
  assert.equal(results(await carryOut(system, [createLeaf('a', 'root')])), ['cert/a done']);
  assert.ok(
    isSignedBy(certificateIn(system, '/pki/a.crt'), certificatesIn(system, '/pki/root.crt')[1] ?? certificateIn(system, '/pki/old.crt')),
  );
});

test('a provided pair is installed as it is, and signs in the same run', async () => {
  const system = pki();
  await carryOut(system, [createRoot('import')]);
  const { sha256, publicKey } = certificateIn(system, '/pki/import.crt');
  const provided = createRoot('root', '/pki', {
    key: 'new',
    material: material(
      { from: 'file', path: '/pki/import.crt', sha256 },
      { key: { from: 'file', path: '/pki/import.key', spkiSha256: publicKey.spkiSha256 } },
    ),
  });
  assert.equal(results(await carryOut(system, [provided, createLeaf('a', 'root')])), ['ca/root done', 'cert/a done']);
  assert.is(system.text('/pki/root.crt'), system.text('/pki/import.crt'));
  assert.ok(isSignedBy(certificateIn(system, '/pki/a.crt'), certificateIn(system, '/pki/root.crt')));
});

test('an external authority is installed without a key', async () => {
  const system = pki();
  await carryOut(system, [createRoot('import')]);
  const external = change('ca/root', {
    key: 'none',
    files: [fileChange('/pki/root.crt', 'certificate')],
    material: material(
      { from: 'file', path: '/pki/import.crt', sha256: certificateIn(system, '/pki/import.crt').sha256 },
      { key: { from: 'nowhere' } },
    ),
  });
  assert.equal(results(await carryOut(system, [external])), ['ca/root done']);
  assert.is(system.text('/pki/root.crt'), system.text('/pki/import.crt'));
});

test('what depends on a failure is held back, however far down, and everything else goes on', async () => {
  const system = pki();
  system.fault = ({ name, detail }) => (name === 'createFile' && detail.endsWith('-bad.key') ? 'EACCES' : undefined);
  const below = createLeaf('below', 'bad');
  const further = change('cert/further', { dependsOn: ['cert/below'], files: pairOf('further'), material: below.material });
  const carried = await carryOut(system, [createRoot('bad'), createRoot('good'), below, further, createLeaf('a', 'good')]);
  assert.equal(results(carried), [
    'ca/bad write-failed',
    'ca/good done',
    'cert/below held back by ca/bad',
    'cert/further held back by ca/bad',
    'cert/a done',
  ]);
  assert.equal(pathsIn(system), ['/pki', '/pki/a.crt', '/pki/a.key', '/pki/good.crt', '/pki/good.key']);
  const [failed] = carried.resources;
  assert.is(failed?.result === 'failed' && failed.diagnostic.address, 'ca/bad');
});

test('a blocked authority holds nothing back: what is on disk of it signs', async () => {
  const system = pki();
  await carryOut(system, [createRoot('root')]);
  const blocked = { by: 'protect', code: 'protected', detail: '', confirm: 'ca/root' } as const;
  const carried = await carryOut(system, [createRoot('root', '/pki', { action: 'rekey', blocked }), createLeaf('a', 'root')]);
  assert.equal(results(carried), ['ca/root blocked', 'cert/a done']);
});

test('after the first failure nothing is begun if that was asked for', async () => {
  const system = pki();
  system.fault = ({ name, detail }) => (name === 'createFile' && detail.endsWith('-a.key') ? 'EIO' : undefined);
  const carried = await carryOut(system, [createRoot('a'), createRoot('b'), createRoot('c')], { failFast: true, parallelism: 1 });
  assert.equal(results(carried), ['ca/a write-failed', 'ca/b held back by ca/a', 'ca/c held back by ca/a']);
});

test('noop has no outcome; what is no longer managed is done without a file being touched', async () => {
  const system = pki();
  const carried = await carryOut(system, [createRoot('kept', '/pki', { action: 'noop' }), change('cert/gone', { action: 'forget' })]);
  assert.equal(results(carried), ['cert/gone done']);
  assert.equal(system.operations, []);
});

// biome-ignore format: table
const worlds: Readonly<Record<string, readonly [(system: MemoryFileSystem) => void, string]>> = {
  'a target that was absent is there':       [(system) => system.file('/pki/a.crt', 'x'), 'changed-since-plan'],
  'a target has become a link':              [(system) => system.link('/pki/a.crt', '/x'), 'symlink'],
  'the certificate of the issuer is another': [(system) => system.file('/pki/root.crt', system.text('/pki/other.crt') ?? ''), 'changed-since-plan'],
  'the key of the issuer is another':        [(system) => system.file('/pki/root.key', system.text('/pki/other.key') ?? '', { mode: 0o600 }), 'changed-since-plan'],
  'the key of the issuer was opened to all': [(system) => system.file('/pki/root.key', system.text('/pki/root.key') ?? '', { mode: 0o644 }), 'changed-since-plan'],
};
for (const [what, [alter, code]] of Object.entries(worlds)) {
  test(`nothing is written if since the plan ${what}`, async () => {
    const system = pki();
    await carryOut(system, [createRoot('root'), createRoot('other')]);
    const changes = [createLeaf('a', 'root')];
    const plan = planOf(changes, system.reader);
    alter(system);
    const before = targets(system);
    const carried = await carryOut(system, changes, { plan });
    assert.equal(results(carried), [`cert/a ${code}`]);
    assert.equal(targets(system), before);
  });
}

test('a file that changes while the key is being made is noticed at the last moment', async () => {
  const system = pki();
  const generateKey: typeof localIssuing.generateKey = (spec) => {
    system.file('/pki/root.crt', 'meanwhile');
    return localIssuing.generateKey(spec);
  };
  const carried = await carryOut(system, [createRoot('root')], { issuing: { ...localIssuing, generateKey } });
  assert.equal(results(carried), ['ca/root changed-since-plan']);
  assert.is(system.text('/pki/root.crt'), 'meanwhile');
});

test('an issuer whose pair does not match signs nothing', async () => {
  const system = pki();
  await carryOut(system, [createRoot('root'), createRoot('other')]);
  system.file('/pki/root.key', system.text('/pki/other.key') ?? '');
  assert.equal(results(await carryOut(system, [createLeaf('a', 'root')])), ['cert/a issue-failed']);
  assert.not(pathsIn(system).includes('/pki/a.crt'));
});

test('an issuer that has ended signs nothing', async () => {
  const system = pki();
  await carryOut(system, [
    createRoot('root', '/pki', { material: material({ from: 'issue', issuance: rootIssuance({ duration: days(1) }) }) }),
  ]);
  const clock = { now: () => (now + 2 * 86_400) as typeof now, elapsed: () => 0 };
  assert.equal(results(await carryOut(system, [createLeaf('a', 'root')], { clock })), ['cert/a issue-failed']);
});

test('what would still differ after it is not published, and the codes are named', async () => {
  const system = pki();
  const check: ApplyRequest['check'] = () => [{ code: 'dns-names', origin: 'config', path: ['dnsNames'], forces: null }];
  const carried = await carryOut(system, [createRoot('root')], { check });
  assert.equal(results(carried), ['ca/root self-check-failed']);
  const [failed] = carried.resources;
  assert.match((failed?.result === 'failed' && failed.diagnostic.message) || '', 'dns-names');
  assert.equal(pathsIn(system), ['/pki']);
});

test('the self-check is given the facts of what will be written', async () => {
  const system = pki();
  const seen: unknown[] = [];
  const check: ApplyRequest['check'] = (_, { certificate, key }) => {
    seen.push([certificate?.subject, key?.encoding]);
    return [];
  };
  await carryOut(system, [createRoot('root')], { check });
  assert.equal(seen, [[{ commonName: 'root' }, 'PKCS8']]);
});

/** Signers that make a mistake. */
const mistakes = {
  'a certificate for another key': async () => ({ ...localIssuing, generateKey: mixedUp() }),
  'bytes that are no certificate': async () => ({
    ...localIssuing,
    signerOf: () => ({ sign: async () => ({ result: 'signed', certificate: Buffer.from('no') }) as const }),
  }),
} as const;
const mixedUp = (): typeof localIssuing.generateKey => async (spec) => ({
  privateKey: (await localIssuing.generateKey(spec)).privateKey,
  publicKey: (await localIssuing.generateKey(spec)).publicKey,
});
for (const [what, issuing] of Object.entries(mistakes)) {
  test(`${what} is found before anything is written`, async () => {
    const system = pki();
    const carried = await carryOut(system, [createRoot('root')], { issuing: await issuing() });
    assert.equal(results(carried), ['ca/root self-check-failed']);
    assert.equal(pathsIn(system), ['/pki']);
  });
}

test('a signer that refuses, or answers later, leaves the files as they are', async () => {
  for (const result of ['refused', 'pending'] as const) {
    const system = pki();
    const issuing = { ...localIssuing, signerOf: () => ({ sign: async () => ({ result, reason: 'closed today' }) }) };
    const carried = await carryOut(system, [createRoot('root')], { issuing });
    assert.equal(results(carried), ['ca/root issue-failed']);
    assert.equal(pathsIn(system), ['/pki']);
  }
});

test('an interruption finishes the transaction that is on its way and holds the rest back', async () => {
  const system = pki();
  const controller = new AbortController();
  system.afterwards = ({ name, detail }) => {
    if (name === 'rename' && detail === '/pki/a.key') controller.abort();
  };
  const carried = await carryOut(system, [createRoot('a'), createRoot('b'), createLeaf('c', 'a')], {
    signal: controller.signal,
    parallelism: 1,
  });
  assert.equal(results(carried), ['ca/a done', 'ca/b done', 'cert/c held back by interrupted']);
  assert.ok(carried.interrupted);
  assert.equal(pathsIn(system), ['/pki', '/pki/a.crt', '/pki/a.key', '/pki/b.crt', '/pki/b.key']);
});

test('an interruption does not wait for a key that takes its time', async () => {
  const system = pki();
  const controller = new AbortController();
  const issuing = { ...localIssuing, generateKey: () => new Promise<never>(() => setImmediate(() => controller.abort())) };
  const carried = await carryOut(system, [createRoot('a')], { signal: controller.signal, issuing });
  assert.equal(results(carried), ['ca/a held back by interrupted']);
  assert.equal(system.operations, []);
});

const because = (of: Address): Partial<Change> => ({
  differences: [{ code: 'issuer-rekeyed', origin: 'issuer', path: [], forces: 'certificate', becauseOf: of }],
});

test('what is ready goes in one transaction: many pairs, few records', async () => {
  const system = pki();
  const names = Array.from({ length: 20 }, (_, index) => `leaf-${index}`);
  const carried = await carryOut(system, [createRoot('root'), ...names.map((name) => createLeaf(name, 'root'))]);
  assert.ok(carried.resources.every(({ result }) => result === 'done'));
  const records = system.operations.filter(({ name, detail }) => name === 'rename' && detail.startsWith('/state/journal'));
  assert.ok(records.length < 8, `${records.length} transactions`);
});

test('an authority that is replaced and what is issued because of it go together: signed by the new one before it is in place', async () => {
  const system = pki();
  await carryOut(system, [createRoot('root'), createLeaf('a', 'root'), createLeaf('b', 'root')]);
  const before = certificateIn(system, '/pki/root.crt');
  const transactions = system.operations.filter(({ name, detail }) => name === 'rename' && detail.startsWith('/state/journal')).length;
  const carried = await carryOut(system, [
    createRoot('root', '/pki', { action: 'rekey' }),
    createLeaf('a', 'root', '/pki', because('ca/root')),
    createLeaf('b', 'root', '/pki', because('ca/root')),
  ]);
  assert.equal(results(carried), ['ca/root done', 'cert/a done', 'cert/b done']);
  const after = certificateIn(system, '/pki/root.crt');
  assert.is.not(after.publicKey.spkiSha256, before.publicKey.spkiSha256);
  for (const name of ['a', 'b']) assert.ok(isSignedBy(certificateIn(system, `/pki/${name}.crt`), after));
  const now = system.operations.filter(({ name, detail }) => name === 'rename' && detail.startsWith('/state/journal')).length;
  assert.is(now - transactions, 1);
});

test('if one of them fails before the commit point nothing of the group changes, and what is independent goes on', async () => {
  for (const failing of ['/pki/b.crt', 'preparing'] as const) {
    const system = pki();
    await carryOut(system, [createRoot('root'), createLeaf('a', 'root'), createLeaf('b', 'root')]);
    const changes = [
      createRoot('root', '/pki', { action: 'rekey' }),
      createLeaf('a', 'root', '/pki', because('ca/root')),
      createLeaf('b', 'root', '/pki', because('ca/root')),
      createLeaf('new', 'root'),
      createRoot('other'),
    ];
    const before = targets(system);
    system.fault = ({ name, detail }) =>
      name === 'createFile' && detail.endsWith('-b.crt') && failing !== 'preparing' ? 'EIO' : undefined;
    const check: ApplyRequest['check'] = ({ address, differences }) => (failing === 'preparing' && address === 'cert/b' ? differences : []);
    const carried = await carryOut(system, changes, { check });
    assert.equal(results(carried), [
      'ca/root held back by cert/b',
      'cert/a held back by cert/b',
      `cert/b ${failing === 'preparing' ? 'self-check-failed' : 'write-failed'}`,
      'cert/new held back by cert/b',
      'ca/other done',
    ]);
    const { '/pki/other.key': _, '/pki/other.crt': __, ...rest } = targets(system);
    assert.equal(rest, before);
  }
});

test('what was put in place stands in the ledger, and what was replaced among the generations', async () => {
  const system = pki();
  await carryOut(system, [createRoot('root'), createLeaf('a', 'root')]);
  const old = system.text('/pki/a.key');
  await carryOut(system, [createLeaf('a', 'root', '/pki', { action: 'rekey', ...because('ca/none') })]);
  const ledger = decodeLedger(system.text('/state/ledger.jsonl') ?? '');
  assert.equal(
    ledger.map(({ address, action, because: codes }) => [address, action, codes]),
    [
      ['ca/root', 'create', []],
      ['cert/a', 'create', []],
      ['cert/a', 'rekey', ['issuer-rekeyed']],
    ],
  );
  assert.is(ledger[2]?.serial, certificateIn(system, '/pki/a.crt').serial);
  assert.is(system.text('/state/generations/cert/a/1/a.key'), old);
});

test('keys are made side by side, as many as were allowed', async () => {
  const system = pki();
  let [running, most] = [0, 0];
  const generateKey: typeof localIssuing.generateKey = async (spec) => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setTimeout(resolve, 5));
    running -= 1;
    return localIssuing.generateKey(spec);
  };
  await carryOut(
    system,
    ['a', 'b', 'c', 'd', 'e'].map((name) => createRoot(name)),
    { issuing: { ...localIssuing, generateKey }, parallelism: 3 },
  );
  assert.is(most, 3);
});

test('each resource is announced when it begins and when it ends', async () => {
  const { events } = await carryOut(pki(), [createRoot('root'), createLeaf('a', 'root')]);
  assert.equal(
    events.map((event) => (event.type === 'end' ? `end ${event.outcome.address}` : `${event.type} ${event.address}`)),
    ['start ca/root', 'end ca/root', 'start cert/a', 'end cert/a'],
  );
});

test('a plan that says what to do but not with what is a bug, and thrown', async () => {
  try {
    await carryOut(pki(), [createRoot('a', '/pki', { material: null })]);
  } catch (error) {
    assert.match(String(error), 'ca/a');
    return;
  }
  assert.unreachable();
});

test('no event, outcome or diagnostic holds a byte of a key, in any failure', async () => {
  for (const failing of ['createFile', 'write', 'rename', 'syncFile', 'none'] as const) {
    const system = pki();
    await carryOut(system, [createRoot('root')]);
    const written: Buffer[] = [];
    const { write } = system.writer;
    const writer: FileWriter = {
      ...system.writer,
      write(file, bytes, offset) {
        written.push(Buffer.from(bytes));
        return write(file, bytes, offset);
      },
    };
    system.fault = ({ name }) => (name === failing ? 'EIO' : undefined);
    const carried = await carryOut(system, [createLeaf('a', 'root')], { store: storeOn({ writer, reader: system.reader }) });
    const said = JSON.stringify(carried, (_, value) => (value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value));
    const secrets = [...written.map(String), system.text('/pki/root.key') ?? ''].filter((text) => text.includes('PRIVATE KEY'));
    for (const line of secrets.flatMap((text) => text.split('\n')).filter((text) => text.length > 20 && !text.includes('-----'))) {
      for (let at = 0; at + 22 <= line.length; at += 1) assert.not(said.includes(line.slice(at, at + 22)));
    }
  }
});

test.run();
