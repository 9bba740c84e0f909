/** A plan from an inventory is the plan of the host itself: the same id, the same changes, the same verdict, also for an edited text. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isAuthority } from '../../src/domain/desired-state.ts';
import { instantOf } from '../../src/domain/time.ts';
import { unmanagedFiles } from '../../src/observe/unmanaged-files.ts';
import { neighbourDiagnostics } from '../../src/plan/neighbours.ts';
import { verdictOf } from '../../src/plan/verdict.ts';
import type { PlanPass } from '../../src/reconcile/plan-pass.ts';
import { planJson } from '../../src/report/plan-json.ts';
import { siteIn } from '../support/passes.ts';
import { bringAlong, edited, pairs, strike } from '../support/random-changes.ts';
import { movedTo, randomState, yamlOf } from '../support/random-desired-states.ts';
import { type SecretWindows, secretWindows } from '../support/secret-windows.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';

const test = suite('promises/inventory');

const runs = Number(process.env['CERTSTATE_RUNS'] ?? 150);
const seed = Number(process.env['CERTSTATE_SEED'] ?? 20261124);
const tool = { name: 'certstate', version: '0', node: '0' } as const;
const figures = { states: 0, plans: 0, changes: 0, blocked: 0, edits: 0, accidents: 0, bytes: 0, resources: 0 };

/** Everything that is said of a pass, without where the text of the desired state lay. */
function told(pass: PlanPass, knowsFolders: boolean): string {
  const { plan, desired, observed, options } = pass;
  const { config: _, ...document } = planJson(plan, { desired, observed, options, tool });
  const known = new Set([...pass.records.records.manifest.values()].flatMap(({ paths }) => paths));
  const beside = neighbourDiagnostics(unmanagedFiles(desired, pass.sight, known), plan.evaluatedAt);
  const verdict = verdictOf({ plan, desired, diagnostics: beside });
  const lines = verdict.map(({ code, severity, failClass, fails, about }) => [
    code,
    severity,
    failClass,
    fails,
    'diagnostic' in about ? about.diagnostic.message : about.change.address,
  ]);
  const hidden = knowsFolders ? undefined : 'new_folders';
  return JSON.stringify({ document, lines }, (key, value: unknown) => (key === hidden ? undefined : value), 1).replaceAll(
    'edited.yaml',
    'desired.yaml',
  );
}

function same(host: PlanPass, inventory: PlanPass, when: string): void {
  // Of a folder that the inventory does not know, it is not known which of those above it are there.
  const knowsFolders = inventory.diagnostics.every(({ code }) => code !== 'assumed-absent');
  assert.is(told(inventory, knowsFolders), told(host, knowsFolders), when);
  assert.is(inventory.plan.id, host.plan.id, when);
  figures.plans += 1;
  figures.changes += host.plan.changes.filter(({ action }) => action !== 'noop').length;
  figures.blocked += host.plan.changes.filter(({ blocked }) => blocked !== null).length;
}

test(`a plan from an inventory is the host's own plan: ${runs} desired states at random, each with two edits`, async () => {
  const until = Date.now() + 150_000;
  const mayOwn = process.getuid?.() === 0;
  const property = fc.asyncProperty(randomState(pairs), fc.nat({ max: 1_000_000 }), async (drawn, dice) => {
    if (Date.now() > until) return;
    await inTemporaryFolder(async (folder) => {
      const root = join(folder, 'root');
      const owned = mayOwn && dice % 3 === 0;
      const state = owned ? { ...drawn, document: movedTo(drawn.document, root) } : drawn;
      const site = siteIn(folder, owned ? '' : root);
      const yaml = yamlOf(state.document);
      bringAlong(root, state);
      // One of five hosts is fresh.
      if (dice % 5 !== 0) {
        const pass = await site.plan(yaml);
        await site.apply(pass);
        if (dice % 2 === 0 && strike(pass.desired.resources, dice >> 1) !== undefined) figures.accidents += 1;
        if (dice % 4 === 0) strike(pass.desired.resources.filter(isAuthority), dice >> 2);
      }
      const host = await site.plan(yaml);
      const inventory = await site.takeInventory(host);
      same(host, await site.planFrom(inventory, yaml, host.plan.evaluatedAt), 'as it is');
      const windows = secretWindows();
      for (const block of existsSync(root) ? keysBelow(root) : []) learn(windows, block);
      assert.is(windows.hits(inventory), 0, 'a secret is in the inventory');
      figures.states += 1;
      figures.resources += host.desired.resources.length;
      figures.bytes += inventory.length;
      for (const throwOfDice of [dice, dice >> 3]) {
        const edit = edited(state, throwOfDice, owned ? root : '');
        if (!edit) continue;
        const before = await site.plan(edit.yaml);
        same(before, await site.planFrom(inventory, edit.yaml, before.plan.evaluatedAt), edit.name);
        figures.edits += 1;
      }
      const inYears = instantOf(host.plan.evaluatedAt + (dice % 4) * 365 * 86_400);
      const later = await site.planFrom(inventory, yaml, inYears);
      assert.is(later.plan.evaluatedAt, inYears);
    });
  });
  const result = await fc.check(property, { numRuns: runs, seed, endOnFailure: process.env['CERTSTATE_SHRINK'] !== '1' });
  if (result.failed) {
    const [state, dice] = result.counterexample ?? [];
    const { message } = result.errorInstance instanceof Error ? result.errorInstance : { message: String(result.errorInstance) };
    throw new Error(
      `state ${result.numRuns} (CERTSTATE_SEED=${seed}, dice ${dice}):\n${message}\n\n${state ? yamlOf(state.document) : ''}`,
    );
  }
  process.stdout.write(
    `${figures.states} hosts (${figures.resources} resources, ${figures.accidents} accidents), ${figures.plans} plans of which ${figures.edits} of edited texts: ids, JSON and verdicts are those of the host (${figures.changes} changes, ${figures.blocked} blocked); ${Math.round(figures.bytes / figures.resources)} bytes of inventory a resource, no secret in it\n`,
  );
});

const keysBelow = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .flatMap(({ parentPath, name }) => readFileSync(join(parentPath, name), 'latin1').match(privateKey) ?? []);

const privateKey = /-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*-----END [A-Z ]*PRIVATE KEY-----/g;

function learn(windows: SecretWindows, block: string): void {
  try {
    windows.addKey(block);
  } catch {
    // Cut short by an accident; the same key is whole in the state it was taken from.
  }
}

test.run();
