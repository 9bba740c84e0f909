import { createHash } from 'node:crypto';
import { chmodSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Inventory } from '../../src/domain/inventory.ts';
import type { PlanPass } from '../../src/reconcile/plan-pass.ts';
import { inventoryIn, type Site, siteIn } from '../support/passes.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';

const test = suite('observe/take-inventory');

const yaml = `version: 1
authorities:
  ca: { commonName: ca, files: { certificate: /pki/ca.crt, privateKey: /pki/ca.key } }
certificates:
  server: { issuer: ca, commonName: server, dnsNames: [server.example], profile: server, files: { certificate: /tls/server.crt, privateKey: /tls/server.key, combined: /tls/server.pem } }
`;

interface Applied {
  readonly site: Site;
  readonly at: (path: string) => string;
  readonly take: () => Promise<{ readonly pass: PlanPass; readonly text: string; readonly inventory: Inventory }>;
}

const inApplied = (body: (applied: Applied) => Promise<void>): Promise<void> =>
  inTemporaryFolder(async (folder) => {
    const site = siteIn(folder);
    await site.apply(await site.plan(yaml));
    return body({
      site,
      at: (path) => join(folder, 'root', path),
      async take() {
        const pass = await site.plan(yaml);
        const text = await site.takeInventory(pass);
        return { pass, text, inventory: inventoryIn(text) };
      },
    });
  });

const hashOf = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');
const fileIn = ({ files }: Inventory, path: string) => files.find((file) => file.path === path);

test('no hash over a file with a key is in it, and none that the records remember', () =>
  inApplied(async ({ at, take }) => {
    const { text, inventory, pass } = await take();
    for (const path of ['/pki/ca.key', '/tls/server.key', '/tls/server.pem']) {
      assert.not(text.includes(hashOf(at(path))), path);
      const seen = fileIn(inventory, at(path))?.seen;
      assert.is(seen?.state === 'read' && seen.status.size, 0, path);
    }
    assert.ok(text.includes(hashOf(at('/pki/ca.crt'))));
    const remembered = [...pass.records.records.manifest.values()].flatMap(({ written }) => Object.values(written));
    assert.ok(remembered.length >= 5);
    const written = [...inventory.records.manifest.values()].flatMap((entry) => Object.values(entry.written));
    assert.equal(
      written,
      remembered.map(() => 'as-found'),
    );
  }));

test('what was changed since certstate wrote it is told from what was not, without a hash', () =>
  inApplied(async ({ at, take }) => {
    writeFileSync(at('/tls/server.crt'), `${readFileSync(at('/tls/server.crt'), 'utf8')}\n`);
    const { inventory } = await take();
    const written = inventory.records.manifest.get('cert/server')?.written;
    assert.is(written?.[at('/tls/server.crt')], 'changed-since');
    assert.is(written?.[at('/tls/server.key')], 'as-found');
  }));

test('certificates beside are in it; of keys their mode, and what they are only where everybody can read them; of anything else its name', () =>
  inApplied(async ({ at, take }) => {
    const key = readFileSync(at('/tls/server.key'));
    writeFileSync(at('/tls/stray.crt'), readFileSync(at('/pki/ca.crt')));
    writeFileSync(at('/tls/closed.key'), key, { mode: 0o600 });
    writeFileSync(at('/tls/open.key'), key);
    chmodSync(at('/tls/open.key'), 0o644);
    writeFileSync(at('/tls/notes.crt'), 'no certificate at all');
    writeFileSync(at('/tls/notes.txt'), 'the passphrase is swordfish');
    symlinkSync('stray.crt', at('/tls/link.crt'));
    const { inventory, text } = await take();
    assert.is(fileIn(inventory, at('/tls/stray.crt'))?.seen.state, 'read');
    assert.is(fileIn(inventory, at('/tls/open.key'))?.seen.state, 'read');
    const closed = fileIn(inventory, at('/tls/closed.key'))?.seen;
    assert.equal(closed?.state === 'refused' && [closed.problem, closed.status?.mode, closed.status?.size], ['not-in-inventory', 0o600, 0]);
    for (const name of ['notes.crt', 'notes.txt', 'link.crt']) assert.is(fileIn(inventory, at(`/tls/${name}`)), undefined, name);
    const names = inventory.folders.find(({ path }) => path === at('/tls'))?.names ?? [];
    assert.equal(['notes.crt', 'notes.txt', 'link.crt'].filter((name) => names.includes(name)).length, 3);
    assert.not(text.includes('swordfish'));
  }));

test('a file that an edited text calls something else is judged as that', () =>
  inApplied(async ({ site, take }) => {
    const { pass, text } = await take();
    const edited = yaml.replace('certificate: /tls/server.crt, privateKey', 'fullChain: /tls/server.crt, privateKey');
    const [there, here] = [await site.planFrom(text, edited, pass.plan.evaluatedAt), await site.plan(edited)];
    assert.is(there.plan.id, here.plan.id);
    assert.equal(there.observed.signedBy, here.observed.signedBy);
  }));

test.run();
