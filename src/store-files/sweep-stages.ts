/** Stages that no record wants: what a run left that died before its commit point, or after everything else was done. */
import type { Diagnostic } from '../domain/diagnostic.ts';
import type { FileReader } from '../ports/file-reader.ts';
import type { FileWriter } from '../ports/file-writer.ts';
import { folderPathOf } from './complete.ts';
import { sha256Of } from './durable-file.ts';
import { generationsOf } from './generations.ts';
import { copyInto, maxBytes } from './keep-predecessor.ts';
import { foldersOf } from './open-folder.ts';
import { openStage, removeStage, type Stage, transactionOfStage } from './stage.ts';
import { generationsFolder, quarantineFolder, type StateFolder } from './state-folder.ts';
import { problemWith } from './write-problems.ts';

export interface Sweep {
  readonly writer: FileWriter;
  readonly reader: FileReader;
  readonly root: string;
  readonly state: StateFolder;
  /** Stages are looked for beside these files. */
  readonly allowed: ReadonlySet<string>;
  /** Transactions whose stages stay. */
  readonly wanted: ReadonlySet<string>;
}

export interface Swept {
  readonly removed: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Removes our stages that no record wants. They hold what was never committed, or what has been retired; anything else is rescued first. */
export function sweepStages(sweep: Sweep): Swept {
  const { reader, state, allowed, wanted } = sweep;
  const removed: string[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const path of new Set([...allowed].map((file) => folderPathOf({ path: file })))) {
    const stale = (reader.list(path) ?? []).filter((name) => {
      const transaction = transactionOfStage(name, state.id);
      return transaction !== undefined && !wanted.has(transaction);
    });
    if (stale.length === 0) continue;
    try {
      removed.push(...sweepFolder(sweep, path, stale));
    } catch (error) {
      diagnostics.push({ ...problemWith(error, path, []), severity: 'warning' });
    }
  }
  return { removed, diagnostics };
}

/** Returns the paths of those that are gone. */
function sweepFolder(sweep: Sweep, path: string, stale: readonly string[]): readonly string[] {
  const { writer, root } = sweep;
  const folders = foldersOf(writer, root);
  try {
    const folder = folders.open(path, []);
    return stale
      .filter((name) => {
        const stage = openStage(writer, folder, name);
        return stage !== undefined && clear(sweep, stage);
      })
      .map((name) => `${path}/${name}`);
  } finally {
    folders.close();
  }
}

function clear(sweep: Sweep, stage: Stage): boolean {
  const { writer } = sweep;
  try {
    const names = writer.list(stage.folder);
    for (const name of names) rescue(sweep, stage, name);
    return removeStage(writer, stage, names);
  } finally {
    writer.closeFolder(stage.folder);
  }
}

/** A predecessor that is neither at its place nor among the generations goes to the quarantine: no key is ever lost by tidying up. */
function rescue({ writer, reader, root, state }: Sweep, { folder, parent }: Stage, name: string): void {
  const target = /^old-\d+-(.+)$/.exec(name)?.[1];
  const entry = name.startsWith('old-') ? writer.entry(folder, name) : undefined;
  // A further name of the same file stands elsewhere: at the target, or in a generation.
  if (entry?.type !== 'file' || entry.links > 1) return;
  const hash = hashAt(reader, writer.pathIn(folder, name));
  if (hash === undefined || (target !== undefined && hash === hashAt(reader, writer.pathIn(parent, target)))) return;
  if (keptHashes(reader, state.path, root).has(hash)) return;
  const quarantine = state.below(quarantineFolder);
  copyInto(writer, reader, writer.pathIn(folder, name), quarantine, `${writer.randomName()}-${name}`);
  writer.syncFolder(quarantine);
}

function hashAt(reader: FileReader, path: string): string | undefined {
  const reading = reader.read(path, { maxBytes });
  if (reading.state !== 'read') return undefined;
  const hash = sha256Of(reading.bytes);
  reading.bytes.fill(0);
  return hash;
}

/** Of everything that is among the generations. */
function keptHashes(reader: FileReader, stateFolder: string, root: string): ReadonlySet<string> {
  const folder = `${stateFolder}/${generationsFolder}`;
  const addresses = (reader.list(folder) ?? []).flatMap((kind) =>
    (reader.list(`${folder}/${kind}`) ?? []).map((name) => `${kind}/${name}`),
  );
  return new Set(
    addresses.flatMap((address) =>
      generationsOf(reader, { stateFolder, root }, address).flatMap(({ files }) => files.map(({ sha256 }) => sha256)),
    ),
  );
}
