/**
 * observe-and-plan FOLDER ROOT [kept]: observing and planning alone, as the program does them, without start and without reading the YAML; with `kept` from the
 * facts that the last such run has kept, reading them included, and keeping what is new, which is not.
 * Bundled like the program before it is run. Prints milliseconds, and how many changes were planned.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { isPending } from '../../src/domain/plan.ts';
import { nodeAccounts } from '../../src/node/node-accounts.ts';
import { nodeClock } from '../../src/node/node-clock.ts';
import { nodeFileReader } from '../../src/node/node-file-reader.ts';
import { readKeptFacts } from '../../src/observe/kept-facts.ts';
import { observe } from '../../src/observe/observe.ts';
import { makePlan } from '../../src/plan/make-plan.ts';
import { loadDesiredState } from '../../src/reconcile/load-desired-state.ts';
import { readRecords } from '../../src/records/read-records.ts';

async function main(folder: string, root: string, keeps: boolean): Promise<void> {
  const stateFolder = `${root}/var/lib/certstate`;
  const [reader, clock] = [nodeFileReader, nodeClock];
  const now = clock.now();
  const { state: desired } = loadDesiredState({ paths: [folder], reader, host: 'bench', root, stateFolder, set: new Map(), now });
  if (!desired) throw new Error('the desired state is not valid');
  const { records } = readRecords(reader, stateFolder);
  const ids = { uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0 };
  const options = { targets: [], excludes: [], renew: [], rekey: [], confirm: [], prune: false, acceptClock: false, root };
  const start = clock.elapsed();
  const cache = keeps ? readKeptFacts(reader, stateFolder, { uid: ids.uid, madeBy: 'the bench' }) : undefined;
  const observed = await observe({ desired, reader, cache, accounts: nodeAccounts(), root, process: ids });
  const seen = clock.elapsed();
  const plan = makePlan({ desired, observed, records, options, now });
  const end = clock.elapsed();
  const news = cache?.news();
  if (news) {
    mkdirSync(stateFolder, { recursive: true, mode: 0o700 });
    writeFileSync(`${stateFolder}/${news.name}`, news.bytes, { mode: 0o600 });
  }
  process.stdout.write(
    JSON.stringify({ ms: end - start, observe: seen - start, plan: end - seen, changes: plan.changes.filter(isPending).length }),
  );
}

void main(process.argv[2] ?? '', process.argv[3] ?? '', process.argv[4] === 'kept');
