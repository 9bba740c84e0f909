/** Whole passes in this process: the real parser, the real disk, the real rooms between them. Only the command line is left out. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Diagnostic } from '../../src/domain/diagnostic.ts';
import type { Address } from '../../src/domain/names.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import type { Plan, PlanOptions } from '../../src/domain/plan.ts';
import { nodeAccounts } from '../../src/node/node-accounts.ts';
import { nodeClock } from '../../src/node/node-clock.ts';
import { nodeFileReader } from '../../src/node/node-file-reader.ts';
import { nodeFileWriter } from '../../src/node/node-file-writer.ts';
import { applyPass } from '../../src/reconcile/apply-pass.ts';
import type { Scope, WritingEnvironment } from '../../src/reconcile/environment.ts';
import { type PlanPass, planPass } from '../../src/reconcile/plan-pass.ts';

const environment: WritingEnvironment = {
  reader: nodeFileReader,
  writer: nodeFileWriter(),
  accounts: nodeAccounts(),
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
  /** Writes the desired state, and looks. `forgetful`: as if the state directory were lost. */
  readonly plan: (yaml: string, options?: { readonly forgetful?: boolean; readonly confirm?: readonly Address[] }) => Promise<PlanPass>;
  /** Carries a plan out. */
  readonly apply: (pass: PlanPass) => Promise<Outcome>;
}

/** A folder that stands for `/`, with its desired state and its records beside it. */
export function siteIn(folder: string): Site {
  const file = join(folder, 'desired.yaml');
  const scopeOf = (state: string): Scope => ({
    paths: [file],
    set: new Map(),
    root: join(folder, 'root'),
    stateFolder: join(folder, state),
    host: 'host-1',
  });
  const optionsOf = (confirm: readonly Address[]): PlanOptions => ({
    targets: [],
    excludes: [],
    renew: [],
    rekey: [],
    confirm,
    prune: false,
    acceptClock: false,
    root: join(folder, 'root'),
  });
  return {
    async plan(yaml, { forgetful = false, confirm = [] } = {}) {
      writeFileSync(file, yaml, { mode: 0o644 });
      const pass = await planPass(environment, scopeOf(forgetful ? 'nothing' : 'state'), optionsOf(confirm), nodeClock.now());
      if (!pass.ok) throw new Rejected(pass.diagnostics);
      return pass;
    },
    async apply(pass) {
      const request = {
        pass,
        plan: pass.plan,
        onEvent: () => {},
        signal: new AbortController().signal,
        parallelism: 2,
        failFast: false,
      };
      const { outcome, diagnostics } = await applyPass(environment, scopeOf('state'), request);
      if (diagnostics.length > 0) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
      return outcome;
    },
  };
}

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
