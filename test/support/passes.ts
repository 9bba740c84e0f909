/** Whole passes in this process: the real parser, the real disk, the real rooms between them. Only the command line is left out. */
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Diagnostic } from '../../src/domain/diagnostic.ts';
import type { Inventory } from '../../src/domain/inventory.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import type { Plan, PlanOptions } from '../../src/domain/plan.ts';
import { noRecords } from '../../src/domain/records.ts';
import type { Instant } from '../../src/domain/time.ts';
import { inventoryJson } from '../../src/formats/inventory.ts';
import { readInventory } from '../../src/formats/read-inventory.ts';
import { nodeAccounts } from '../../src/node/node-accounts.ts';
import { nodeClock } from '../../src/node/node-clock.ts';
import { nodeFileReader } from '../../src/node/node-file-reader.ts';
import { nodeFileWriter } from '../../src/node/node-file-writer.ts';
import { nodeLocks } from '../../src/node/node-lock.ts';
import { nodePause } from '../../src/node/node-pause.ts';
import { nodeProcessRunner } from '../../src/node/node-process-runner.ts';
import { makePlan } from '../../src/plan/make-plan.ts';
import type { FileReader } from '../../src/ports/file-reader.ts';
import type { FileWriter } from '../../src/ports/file-writer.ts';
import { applyPass } from '../../src/reconcile/apply-pass.ts';
import type { Scope, WritingEnvironment } from '../../src/reconcile/environment.ts';
import { inventoryPass } from '../../src/reconcile/inventory-pass.ts';
import { type PlanPass, planPass } from '../../src/reconcile/plan-pass.ts';
import { startOf } from '../../src/reconcile/steady-clock.ts';

/** Whether files survive a loss of power has tests of its own; waiting for the disk is most of the time here. */
const writer: FileWriter = { ...nodeFileWriter(), syncFile: () => {}, syncFolder: () => {} };

export const diskEnvironment: WritingEnvironment = {
  reader: nodeFileReader,
  writer,
  accounts: nodeAccounts(),
  locks: nodeLocks(),
  runner: nodeProcessRunner,
  pause: nodePause,
  clock: nodeClock,
  process: { uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0 },
};

/** The text is wrong: what the parser has to say about it. */
export class Rejected extends Error {
  readonly diagnostics: readonly Diagnostic[];
  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map(({ code, message }) => `${code}: ${message}`).join('\n'));
    this.diagnostics = diagnostics;
  }
}

export interface Site {
  readonly scope: Scope;
  readonly options: PlanOptions;
  /** Writes the desired state, and looks. */
  readonly plan: (yaml: string) => Promise<PlanPass>;
  /** Carries out what was planned, with a person's consent to everything. */
  readonly apply: (pass: PlanPass) => Promise<Outcome>;
  /** The text of an inventory of what was looked at. */
  readonly takeInventory: (pass: PlanPass) => Promise<string>;
  /** Plans from it where nothing of the host is there but the text of the desired state. */
  readonly planFrom: (inventory: string, yaml: string, now?: Instant) => Promise<PlanPass>;
}

/** An inventory as somebody else gets it: through text and back. */
export function inventoryIn(text: string): Inventory {
  const reading = readInventory(Buffer.from(text));
  if (!reading.ok) throw new Error(reading.faults.map(({ at, message }) => `${at} ${message}`).join('\n'));
  return reading.value;
}

/** A machine with one file in its folder and nothing else: whoever looks at anything of the host's is found out. */
function elsewhere(file: string): WritingEnvironment {
  const refuse = (what: string) => (): never => {
    throw new Error(`${what} was asked of a machine that is not the host`);
  };
  const only =
    <Rest extends readonly unknown[], Value>(ask: (path: string, ...rest: Rest) => Value) =>
    (path: string, ...rest: Rest): Value =>
      path === file || path === dirname(file) ? ask(path, ...rest) : refuse(path)();
  const reader: FileReader = {
    read: only(nodeFileReader.read),
    folder: only(nodeFileReader.folder),
    realPath: refuse('a real path'),
    list: refuse('a listing'),
    isMountPoint: refuse('a mount point'),
  };
  const accounts = {
    member: refuse('a user'),
    userId: refuse('a user'),
    groupId: refuse('a group'),
    userName: refuse('a name'),
    groupName: refuse('a name'),
  };
  return { ...diskEnvironment, reader, accounts };
}

/** A desired state, its records, and the folder that stands for `/`; empty: the paths are those of this machine, and owners are real. */
export function siteIn(folder: string, root = join(folder, 'root')): Site {
  const file = join(folder, 'desired.yaml');
  const scope: Scope = { paths: [file], set: new Map(), root, stateFolder: join(folder, 'state'), host: 'host-1' };
  const options: PlanOptions = { targets: [], excludes: [], renew: [], rekey: [], confirm: [], prune: false, acceptClock: false, root };
  return {
    scope,
    options,
    async plan(yaml) {
      writeFileSync(file, yaml, { mode: 0o644 });
      const pass = await planPass(diskEnvironment, scope, options, nodeClock.now());
      if (!pass.ok) throw new Rejected(pass.diagnostics);
      return pass;
    },
    async apply(pass) {
      const plan = pass.replan({ ...options, confirm: pass.desired.resources.map(({ address }) => address) });
      const { signal } = new AbortController();
      const request = { pass, plan, begun: startOf(nodeClock), onEvent: () => {}, signal, parallelism: 2, failFast: false };
      const { outcome, diagnostics } = await applyPass(diskEnvironment, scope, request);
      if (diagnostics.length > 0) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
      return outcome;
    },
    takeInventory: async (pass) => JSON.stringify(inventoryJson(await inventoryPass(diskEnvironment, scope, pass))),
    async planFrom(text, yaml, now = nodeClock.now()) {
      const inventory = inventoryIn(text);
      const edited = join(folder, 'edited.yaml');
      writeFileSync(edited, yaml, { mode: 0o644 });
      const { host } = inventory;
      const there = { paths: [edited], set: scope.set, root: host.root, stateFolder: host.stateFolder, host: host.name };
      const pass = await planPass(elsewhere(edited), there, options, now, inventory);
      if (!pass.ok) throw new Rejected(pass.diagnostics);
      return pass;
    },
  };
}

/** The same look, decided as if the state directory had been lost. */
export const withoutRecords = ({ desired, observed, options, plan }: PlanPass): Plan =>
  makePlan({ desired, observed, records: noRecords, options, now: plan.evaluatedAt });

/** What a plan would still do: one line per change, with its reasons; empty where there is nothing to do. */
export const pendingChanges = (plan: Plan): readonly string[] =>
  plan.changes
    .filter(({ action, blocked }) => action !== 'noop' || blocked !== null)
    .map(({ address, action, differences, blocked }) => {
      const reasons = differences.map(({ code, observed, desired, added, removed, file }) =>
        [code, observed, desired, added?.join(), removed?.join(), file].map((part) => part ?? '').join('|'),
      );
      return `${action} ${address} ${blocked ? `blocked ${blocked.code} ${blocked.detail} ` : ''}because ${reasons.join('; ')}`;
    });
