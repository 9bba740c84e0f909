/**
 * lay-out-pairs FOLDER ROOT: makes everything the desired state names as `apply` would, but flushes nothing and remembers nothing: the files are
 * there to be looked at. Bundled like the program before it is run.
 */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import process from 'node:process';
import { applyPlan } from '../../src/apply/apply-plan.ts';
import { nodeAccounts } from '../../src/node/node-accounts.ts';
import { nodeClock } from '../../src/node/node-clock.ts';
import { nodeFileReader } from '../../src/node/node-file-reader.ts';
import { observe } from '../../src/observe/observe.ts';
import { makePlan } from '../../src/plan/make-plan.ts';
import type { Store } from '../../src/ports/store.ts';
import { loadDesiredState } from '../../src/reconcile/load-desired-state.ts';
import { readRecords } from '../../src/records/read-records.ts';

const unflushed: Store = {
  publish(sets) {
    for (const { path, bytes, mode } of sets.flatMap(({ files }) => files)) {
      mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
      writeFileSync(path, bytes);
      chmodSync(path, mode);
    }
    return sets.map(() => ({ result: 'published', statuses: new Map() }));
  },
};

async function main(folder: string, root: string): Promise<void> {
  const stateFolder = `${root}/var/lib/certstate`;
  const [reader, clock] = [nodeFileReader, nodeClock];
  const now = clock.now();
  const { state: desired } = loadDesiredState({ paths: [folder], reader, host: 'bench', root, stateFolder, set: new Map(), now });
  if (!desired) throw new Error('the desired state is not valid');
  const ids = { uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0 };
  const observed = await observe({ desired, reader, accounts: nodeAccounts(), root, process: ids });
  const options = {
    targets: [],
    excludes: [],
    renew: [],
    rekey: [],
    confirm: ['ca/bench' as const],
    prune: false,
    acceptClock: false,
    root,
  };
  const plan = makePlan({ desired, observed, records: readRecords(reader, stateFolder).records, options, now });
  const { signal } = new AbortController();
  const { resources } = await applyPlan({
    plan,
    store: unflushed,
    reader,
    clock,
    check: () => [],
    onEvent: () => {},
    signal,
    parallelism: 2,
    failFast: true,
    root,
  });
  if (!resources.every(({ result }) => result === 'done')) throw new Error('not everything could be made');
}

void main(process.argv[2] ?? '', process.argv[3] ?? '');
