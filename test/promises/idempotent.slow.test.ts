import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type DesiredResource, type FileRole, filesOf, holdsPrivateKey, isAuthority } from '../../src/domain/desired-state.ts';
import type { Address } from '../../src/domain/names.ts';
import { days, minutes } from '../../src/domain/time.ts';
import type { PlanPass } from '../../src/reconcile/plan-pass.ts';
import { encodePrivateKey, privateKeyPem } from '../../src/x509/key-encoding.ts';
import { authorityWith, rootIssuance } from '../support/issuances.ts';
import { programPath } from '../support/needs.ts';
import { pendingChanges, type Site, siteIn, withoutRecords } from '../support/passes.ts';
import { type BroughtPair, movedTo, type RandomState, randomState, reworded, yamlOf } from '../support/random-desired-states.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';

const test = suite('promises/idempotent');

/** CERTSTATE_RUNS=10000 for a long night. */
const runs = Number(process.env['CERTSTATE_RUNS'] ?? 1000);
const seed = Number(process.env['CERTSTATE_SEED'] ?? 20261123);

const pairs: readonly BroughtPair[] = await Promise.all(
  ([{ algorithm: 'ECDSA', size: 384 }, { algorithm: 'Ed25519' }, { algorithm: 'ECDSA', size: 521 }] as const).map(async (spec, index) => {
    const commonName = `Brought along ${index}`;
    const what = rootIssuance({ subject: { commonName }, duration: days(4000), backdate: minutes(5) });
    const authority = await authorityWith(spec, what, Math.floor(Date.now() / 1000) as never);
    const der = Buffer.from(authority.certificate.der).toString('base64').replace(/.{64}/g, '$&\n').trimEnd();
    return {
      commonName,
      certificatePem: `-----BEGIN CERTIFICATE-----\n${der}\n-----END CERTIFICATE-----\n`,
      keyPem: privateKeyPem(encodePrivateKey(authority.privateKey, 'PKCS8')).toString(),
    };
  }),
);

const figures = { states: 0, owned: 0, resources: 0, files: 0, verified: 0, reworded: 0, drifts: 0, edits: 0, depth: 0 };

function bringAlong(root: string, { brought }: RandomState): void {
  for (const { path, pem, pair } of brought) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), (pairs[pair] as BroughtPair)[pem], { mode: 0o600 });
  }
}

/** Carries out what was seen; nothing may fail or stay behind. */
async function apply(site: Site, pass: PlanPass): Promise<readonly DesiredResource[]> {
  const outcome = await site.apply(pass);
  const left = outcome.resources
    .filter(({ result }) => result !== 'done')
    .map((resource) => JSON.stringify(resource, (_, value) => (typeof value === 'bigint' ? `${value}` : value)));
  assert.ok(left.length === 0, `not done:\n${left.join('\n')}`);
  return pass.desired.resources;
}

async function nothingToDo(site: Site, yaml: string, when: string): Promise<void> {
  const pass = await site.plan(yaml);
  for (const [plan, how] of [
    [pass.plan, ''],
    [withoutRecords(pass), ', without records'],
  ] as const) {
    const left = pendingChanges(plan);
    assert.ok(left.length === 0, `${when}${how}, this is left to do:\n${left.join('\n')}`);
  }
}

/** Something that happens to a file of a certificate: what it does, and to which files. */
interface Accident {
  readonly name: string;
  readonly hits: (role: FileRole) => boolean;
  readonly befall: (path: string) => void;
}
const accidents: readonly Accident[] = [
  { name: 'removed', hits: () => true, befall: (path) => rmSync(path) },
  { name: 'emptied', hits: () => true, befall: (path) => writeFileSync(path, '') },
  { name: 'cut short', hits: () => true, befall: (path) => writeFileSync(path, readFileSync(path).subarray(0, -100)) },
  { name: 'writable by all', hits: () => true, befall: (path) => chmodSync(path, 0o666) },
  { name: 'given a further key', hits: holdsPrivateKey, befall: (path) => writeFileSync(path, `${readFileSync(path)}${pairs[0]?.keyPem}`) },
  { name: 'replaced by a foreign key', hits: holdsPrivateKey, befall: (path) => writeFileSync(path, pairs[1]?.keyPem ?? '') },
  {
    name: 'replaced by a foreign certificate',
    hits: (role) => role !== 'privateKey',
    befall: (path) => writeFileSync(path, pairs[2]?.certificatePem ?? ''),
  },
];

/** Befalls one file of one certificate that is kept in full, and tells what was done; undefined where there is none. */
function strike(resources: readonly DesiredResource[], dice: number): string | undefined {
  const files = resources
    .filter((resource) => !isAuthority(resource))
    .flatMap((resource) => filesOf(resource))
    .filter(({ path }) => existsSync(path));
  const file = files[dice % Math.max(1, files.length)];
  const accident = accidents.filter(({ hits }) => file && hits(file.role))[Math.floor(dice / 64) % accidents.length] ?? accidents[0];
  if (!file || !accident) return undefined;
  accident.befall(file.path);
  return `${file.path} (${file.role}) was ${accident.name}`;
}

/** Changes of the text that must be carried out, each on one resource. */
// biome-ignore format: table
const edits: readonly { readonly name: string; readonly of: 'authorities' | 'certificates'; readonly make: (fields: Record<string, unknown>) => object }[] = [
  { name: 'a further DNS name', of: 'certificates', make: ({ dnsNames }) => ({ dnsNames: [...((dnsNames as string[]) ?? []), 'new.example.com'] }) },
  { name: 'another common name', of: 'certificates', make: () => ({ commonName: 'Renamed' }) },
  { name: 'another kind of key', of: 'certificates', make: ({ privateKey }) => ({ privateKey: { algorithm: (privateKey as { algorithm?: string })?.algorithm === 'Ed25519' ? 'ECDSA' : 'Ed25519' } }) },
  { name: 'other usages', of: 'certificates', make: () => ({ profile: undefined, usages: ['data encipherment', 'ocsp signing'] }) },
  { name: 'a further copy', of: 'certificates', make: () => ({ copies: [{ certificate: '/further/${name}.pem', chain: '/further/${name}.chain' }] }) },
  { name: 'another issuer', of: 'certificates', make: ({ issuer }) => ({ issuer: issuer === 'authority-0' ? 'authority-9' : 'authority-0' }) },
  { name: 'another kind of key of an authority', of: 'authorities', make: ({ privateKey }) => ({ privateKey: { algorithm: (privateKey as { algorithm?: string })?.algorithm === 'Ed25519' ? 'ECDSA' : 'Ed25519' } }) },
  { name: 'another name of an authority', of: 'authorities', make: () => ({ commonName: 'Renamed authority' }) },
  { name: 'a further DNS name of an authority', of: 'authorities', make: ({ dnsNames }) => ({ dnsNames: [...((dnsNames as string[]) ?? []), 'new.example.com'] }) },
  { name: 'other usages of an authority', of: 'authorities', make: () => ({ usages: ['cert sign', 'content commitment'] }) },
  { name: 'other name constraints', of: 'authorities', make: () => ({ nameConstraints: { excluded: { dnsDomains: ['other.invalid'] } } }) },
];

function edited({ document }: RandomState, dice: number, prefix: string): { readonly name: string; readonly yaml: string } | undefined {
  const edit = edits[dice % edits.length] as (typeof edits)[number];
  const names = Object.keys(document[edit.of]).filter((name) => name.includes('-'));
  const name = names[Math.floor(dice / edits.length) % Math.max(1, names.length)];
  if (name === undefined) return undefined;
  const fields = document[edit.of][name] as Record<string, unknown>;
  const changed = Object.fromEntries(
    Object.entries({ ...fields, ...movedTo(edit.make(fields), prefix) }).filter(([, value]) => value !== undefined),
  );
  const further = { 'authority-9': { commonName: 'Authority 9', files: { certificate: '/pki/9.crt', privateKey: '/pki/9.key' } } };
  const section = { ...document[edit.of], [name]: changed };
  const authorities = {
    ...(edit.of === 'authorities' ? section : document.authorities),
    ...(edit.name === 'another issuer' ? movedTo(further, prefix) : {}),
  };
  return {
    name: `${edit.name} (${name})`,
    yaml: yamlOf({ ...document, authorities, ...(edit.of === 'certificates' ? { certificates: section } : {}) }),
  };
}

/** OpenSSL's opinion of every certificate: the strict rules of RFC 5280, from the root that is here. */
function verify(resources: readonly DesiredResource[], folder: string): void {
  const byAddress = new Map(resources.map((resource) => [resource.address as Address, resource]));
  const fileOf = (resource: DesiredResource): string =>
    ['certificate', 'fullChain', 'combined']
      .map((role) => resource.fileSets[0].files.find((file) => file.role === role)?.path)
      .find((path) => path !== undefined) as string;
  for (const resource of resources) {
    if (isAuthority(resource) && resource.external) continue;
    const above: DesiredResource[] = [];
    for (let at = resource.issuer; at !== undefined; at = byAddress.get(at)?.issuer) above.push(byAddress.get(at) as DesiredResource);
    const [root = resource, ...intermediates] = above.toReversed();
    writeFileSync(join(folder, 'intermediates.pem'), intermediates.map((authority) => firstCertificate(fileOf(authority))).join(''));
    writeFileSync(join(folder, 'root.pem'), firstCertificate(fileOf(root)));
    writeFileSync(join(folder, 'leaf.pem'), firstCertificate(fileOf(resource)));
    const args = [
      'verify',
      '-x509_strict',
      '-CAfile',
      'root.pem',
      ...(intermediates.length > 0 ? ['-untrusted', 'intermediates.pem'] : []),
      'leaf.pem',
    ];
    const { stdout, stderr, status } = spawnSync(programPath('openssl') ?? '', args, { cwd: folder, encoding: 'utf8' });
    assert.is(status, 0, `${resource.address}: ${stdout}${stderr}`);
    figures.verified += 1;
  }
}

const firstCertificate = (path: string): string =>
  /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----\n/.exec(readFileSync(path, 'utf8'))?.[0] ?? '';

test(`after apply there is nothing left to do, with and without records: ${runs} desired states at random`, async () => {
  // Without these the promise is the same, only less of it is tried.
  const openssl = programPath('openssl') !== undefined;
  const mayOwn = process.getuid?.() === 0;
  // On a machine that is busy with something else the figure is smaller, and says so; a property that fails still fails.
  const until = Date.now() + 150_000;
  const property = fc.asyncProperty(randomState(pairs), fc.nat({ max: 1_000_000 }), async (drawn, dice) => {
    if (Date.now() > until) return;
    await inTemporaryFolder(async (folder) => {
      // Only root can give files to others; under another root owners are notes.
      const owned = mayOwn && dice % 3 === 0;
      const root = join(folder, 'root');
      const state = owned ? { ...drawn, document: movedTo(drawn.document, root) } : drawn;
      const site = siteIn(folder, owned ? '' : root);
      const yaml = yamlOf(state.document);
      bringAlong(root, state);
      const resources = await apply(site, await site.plan(yaml));
      await nothingToDo(site, yaml, 'after apply');
      figures.states += 1;
      figures.owned += Number(owned);
      figures.resources += resources.length;
      figures.files += resources.flatMap(filesOf).length;
      if (openssl && dice % 20 === 0) verify(resources, folder);

      // One of four, since each costs as much as the promise itself.
      if (dice % 4 === 0) {
        await nothingToDo(site, reworded(state.document, dice >> 2), 'after the same was said in other words');
        figures.reworded += 1;
      } else if (dice % 4 === 1) {
        const accident = strike(resources, dice >> 2);
        if (!accident) return;
        const pass = await site.plan(yaml);
        assert.ok(pendingChanges(pass.plan).length > 0, `${accident}, and the plan is empty`);
        await apply(site, pass);
        await nothingToDo(site, yaml, `after ${accident}, and was repaired`);
        figures.drifts += 1;
      } else if (dice % 4 === 2) {
        const edit = edited(state, dice >> 2, owned ? root : '');
        if (!edit) return;
        const pass = await site.plan(edit.yaml);
        assert.ok(pendingChanges(pass.plan).length > 0, `${edit.name}, and the plan is empty`);
        const changed = await apply(site, pass);
        await nothingToDo(site, edit.yaml, `after ${edit.name}`);
        if (openssl && dice % 20 === 2) verify(changed, folder);
        figures.edits += 1;
      }
    });
  });
  const result = await fc.check(property, {
    numRuns: runs,
    seed,
    endOnFailure: process.env['CERTSTATE_SHRINK'] !== '1',
  });
  if (result.failed) {
    const [state, dice] = result.counterexample ?? [];
    const { message } = result.errorInstance instanceof Error ? result.errorInstance : { message: String(result.errorInstance) };
    throw new Error(
      `state ${result.numRuns} (CERTSTATE_SEED=${seed}, dice ${dice}):\n${message}\n\n${state ? yamlOf(state.document) : ''}`,
    );
  }
  const { states, resources, files, verified, drifts, edits: changes } = figures;
  process.stdout.write(
    `${states} desired states (${figures.owned} with real owners), ${resources} resources, ${files} files: second plan empty with and without records; ${figures.reworded} reworded: empty; ${drifts} accidents and ${changes} edits: repaired and carried out, then empty; ${verified} certificates verified by openssl -x509_strict\n`,
  );
});

test.run();
