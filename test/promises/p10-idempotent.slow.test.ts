import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type DesiredResource, filesOf, isAuthority } from '../../src/domain/desired-state.ts';
import type { Address } from '../../src/domain/names.ts';
import type { PlanPass } from '../../src/reconcile/plan-pass.ts';
import { programPath } from '../support/needs.ts';
import { pendingChanges, type Site, siteIn, withoutRecords } from '../support/passes.ts';
import { bringAlong, edited, pairs, strike } from '../support/random-changes.ts';
import { movedTo, randomState, reworded, yamlOf } from '../support/random-desired-states.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';
import { isTorture, printFigure } from '../support/torture.ts';

const test = suite('promises/p10-idempotent');

/** CERTSTATE_RUNS=10000 for a long night. */
const runs = Number(process.env['CERTSTATE_RUNS'] ?? 1000);
const seed = Number(process.env['CERTSTATE_SEED'] ?? 20261123);

const figures = { states: 0, owned: 0, resources: 0, files: 0, verified: 0, reworded: 0, drifts: 0, edits: 0, depth: 0 };

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
  const until = isTorture ? Number.POSITIVE_INFINITY : Date.now() + 60_000;
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
  printFigure(
    'P10',
    `${states} desired states (${figures.owned} with real owners), ${resources} resources, ${files} files: second plan empty with and without records; ${figures.reworded} reworded: empty; ${drifts} accidents and ${changes} edits: repaired and carried out, then empty; ${verified} certificates verified by openssl -x509_strict`,
  );
});

test.run();
