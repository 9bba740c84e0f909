/** Whole passes in this process: the real parser, the real disk, the real rooms between them. Only the command line is left out. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Diagnostic } from '../../src/domain/diagnostic.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import type { Plan, PlanOptions } from '../../src/domain/plan.ts';
import { noRecords } from '../../src/domain/records.ts';
import { nodeAccounts } from '../../src/node/node-accounts.ts';
import { nodeClock } from '../../src/node/node-clock.ts';
import { nodeFileReader } from '../../src/node/node-file-reader.ts';
import { nodeFileWriter } from '../../src/node/node-file-writer.ts';
import { nodeLocks } from '../../src/node/node-lock.ts';
import { nodeProcessRunner } from '../../src/node/node-process-runner.ts';
import { makePlan } from '../../src/plan/make-plan.ts';
import type { FileWriter } from '../../src/ports/file-writer.ts';
import { applyPass } from '../../src/reconcile/apply-pass.ts';
import type { Scope, WritingEnvironment } from '../../src/reconcile/environment.ts';
import { type PlanPass, planPass } from '../../src/reconcile/plan-pass.ts';

/** Whether files survive a loss of power has tests of its own; waiting for the disk is most of the time here. */
const writer: FileWriter = { ...nodeFileWriter(), syncFile: () => {}, syncFolder: () => {} };

const environment: WritingEnvironment = {
  reader: nodeFileReader,
  writer,
  accounts: nodeAccounts(),
  locks: nodeLocks(),
  runner: nodeProcessRunner,
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
  /** Writes the desired state, and looks. */
  readonly plan: (yaml: string) => Promise<PlanPass>;
  /** Carries out what was planned, with a person's consent to everything. */
  readonly apply: (pass: PlanPass) => Promise<Outcome>;
}

/** A desired state, its records, and the folder that stands for `/`; empty: the paths are those of this machine, and owners are real. */
export function siteIn(folder: string, root = join(folder, 'root')): Site {
  const file = join(folder, 'desired.yaml');
  const scope: Scope = { paths: [file], set: new Map(), root, stateFolder: join(folder, 'state'), host: 'host-1' };
  const options: PlanOptions = { targets: [], excludes: [], renew: [], rekey: [], confirm: [], prune: false, acceptClock: false, root };
  return {
    async plan(yaml) {
      writeFileSync(file, yaml, { mode: 0o644 });
      const pass = await planPass(environment, scope, options, nodeClock.now());
      if (!pass.ok) throw new Rejected(pass.diagnostics);
      return pass;
    },
    async apply(pass) {
      const plan = pass.replan({ ...options, confirm: pass.desired.resources.map(({ address }) => address) });
      const { signal } = new AbortController();
      const request = { pass, plan, onEvent: () => {}, signal, parallelism: 2, failFast: false };
      const { outcome, diagnostics } = await applyPass(environment, scope, request);
      if (diagnostics.length > 0) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
      return outcome;
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
