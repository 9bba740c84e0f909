/** Changes of keys and certificates, cut off by a loss of power at every point, recovered, and judged. */
import type { LedgerEntry } from '../../src/domain/ledger.ts';
import type { Address } from '../../src/domain/names.ts';
import { decodeLedger } from '../../src/formats/ledger.ts';
import type { FileWriter } from '../../src/ports/file-writer.ts';
import type { PublicationSet, Settled } from '../../src/ports/store.ts';
import { createFileStore } from '../../src/store-files/file-store.ts';
import { generationsOf } from '../../src/store-files/generations.ts';
import { type Recovery, recover } from '../../src/store-files/recover.ts';
import { replaceStateFile } from '../../src/store-files/state-files.ts';
import { contentStates, dice, diskAtRest, imageOf, momentAfter, subsets } from './crash-images.ts';
import { now } from './issuances.ts';
import { type Inode, type MemoryFileSystem, memoryFileSystem } from './memory-file-system.ts';
import { absent, present, publish, setOf } from './publications.ts';

interface Resource {
  readonly address: string;
  /** Keys first. */
  readonly paths: readonly string[];
  readonly together?: string;
}

const pairOf = (address: string, stem: string, ...more: readonly string[]): Resource => ({
  address,
  paths: [`${stem}.key`, `${stem}.crt`, ...more.map((suffix) => `${stem}.${suffix}`)],
});

/** What is on disk, and what belongs together. */
export const layouts: Readonly<Record<string, readonly Resource[]>> = {
  pair: [pairOf('cert/a', '/pki/a')],
  'pair and chain': [pairOf('cert/a', '/pki/a', 'chain', 'full')],
  'pair of an authority': [pairOf('ca/a', '/pki/ca')],
  combined: [{ address: 'cert/a', paths: ['/pki/a.pem'] }],
  'five pairs in three folders': ['/pki/a', '/pki/b', '/etc/c', '/etc/d', '/srv/e'].map((stem) => pairOf(`cert/${stem.slice(5)}`, stem)),
  'an authority with its children': ['/pki/ca', '/pki/b', '/etc/c'].map((stem, index) => ({
    ...pairOf(`${index === 0 ? 'ca' : 'cert'}/${stem.slice(5)}`, stem),
    together: 'ca/ca',
  })),
};
export const beginnings = ['first issue', 'renewal'] as const;

/** A way to break the protocol, put between it and the disk. */
export type Mutant = (writer: FileWriter) => FileWriter;

export interface Simulation {
  readonly layout: keyof typeof layouts;
  readonly beginning: (typeof beginnings)[number];
  /** Up to how many unsure changes every subset is tried; beyond, how many are sampled. */
  readonly exhaustive: number;
  readonly samples: number;
  /** Of how many recoveries one is itself cut off at every point. */
  readonly nestedEvery: number;
  readonly seed: number;
  readonly mutant?: Mutant;
  /** Looks at what the loss of power left, before anybody recovers; says what is wrong with it. */
  readonly inspect?: (image: MemoryFileSystem) => string | undefined;
  /** Whether anybody recovers at all. */
  readonly recovers?: boolean;
}

export interface Figures {
  images: number;
  /** Of those, images of a recovery that was cut off itself. */
  nested: number;
  moments: number;
  /** Images that ended old, and new. */
  old: number;
  new: number;
  /** What was wrong, at most a few of them. */
  bad: number;
  readonly examples: string[];
}

const stateFolder = '/state';
const marksName = 'pending-services.json';
export const contentOf = (when: 'old' | 'new', path: string): string => `${when} content of ${path} `.repeat(5);
const modeOf = (path: string): number => (/\.(key|pem)$/.test(path) ? 0o600 : 0o644);

/** Marks as a whole file, as the services do it: durable when it returns. */
const marking =
  (disk: Pick<MemoryFileSystem, 'writer' | 'reader'>): Settled =>
  (sets) => {
    const reading = disk.reader.read(`${stateFolder}/${marksName}`, { maxBytes: 100_000 });
    const known = reading.state === 'read' ? (JSON.parse(Buffer.from(reading.bytes).toString()) as string[]) : [];
    const marks = [...new Set([...known, ...sets.flatMap(({ services }) => services.map(({ service }) => service))])];
    const problem = replaceStateFile(disk, stateFolder, marksName, Buffer.from(JSON.stringify(marks)));
    if (problem) throw Object.assign(new Error('EIO'), { code: 'EIO' });
  };

/** The disk before the change: folders, what is to be renewed, and a state directory that has seen some use. */
export function diskBefore({ layout, beginning }: Pick<Simulation, 'layout' | 'beginning'>): Inode {
  const system = memoryFileSystem();
  for (const folder of ['/pki', '/etc', '/srv']) system.folder(folder);
  if (beginning === 'first issue') return system.root;
  for (const path of resourcesOf(layout).flatMap(({ paths }) => paths)) system.file(path, contentOf('old', path), { mode: modeOf(path) });
  for (const folder of ['', '/journal', '/generations']) system.folder(`${stateFolder}${folder}`, { mode: 0o700 });
  system.file(`${stateFolder}/state-id`, 'abcdef0123456789\n', { mode: 0o600 });
  return system.root;
}

const resourcesOf = (layout: keyof typeof layouts): readonly Resource[] => layouts[layout] ?? [];

export const setsOf = ({ layout, beginning }: Pick<Simulation, 'layout' | 'beginning'>): readonly PublicationSet[] =>
  resourcesOf(layout).map(({ address, paths, together }) =>
    setOf(
      paths.map((path) => {
        const expected = beginning === 'renewal' ? present(path, contentOf('old', path), modeOf(path)) : absent(path);
        return publish(path, contentOf('new', path), { mode: modeOf(path), expected });
      }),
      {
        name: address,
        keep: address.startsWith('ca/') ? 2 : 1,
        group: together ?? null,
        services: [{ service: address, when: 'reload' }],
        ledger: ledgerEntry(address, paths),
      },
    ),
  );

const ledgerEntry = (address: string, paths: readonly string[]): LedgerEntry => ({
  at: now,
  address: address as Address,
  action: 'rekey',
  because: ['missing'],
  plan: 'sha256:0',
  serial: '01',
  notAfter: now,
  sha256: '00',
  spkiSha256: '00',
  paths,
});

const withMutant = (system: MemoryFileSystem, { mutant }: Simulation): Pick<MemoryFileSystem, 'writer' | 'reader'> => ({
  writer: mutant ? mutant(system.writer) : system.writer,
  reader: system.reader,
});

export function publishOn(system: MemoryFileSystem, simulation: Simulation): readonly string[] {
  const disk = withMutant(system, simulation);
  const store = createFileStore({ ...disk, root: '', stateFolder, settled: marking(disk), warn: () => {} });
  return store.publish(setsOf(simulation)).map(({ result }) => result);
}

export function recoverOn(system: MemoryFileSystem, simulation: Simulation): Recovery {
  const disk = withMutant(system, simulation);
  const allowed = new Set(resourcesOf(simulation.layout).flatMap(({ paths }) => paths));
  return recover({ ...disk, root: '', stateFolder, allowed, settled: marking(disk) });
}

/** Cuts the change off at every point, in every way, and looks at what comes of it. */
export function simulate(simulation: Simulation): Figures {
  const figures: Figures = { images: 0, nested: 0, moments: 0, old: 0, new: 0, bad: 0, examples: [] };
  const random = dice(simulation.seed);
  const system = memoryFileSystem({ from: diskBefore(simulation) });
  const before = diskAtRest(system.root);
  const results = publishOn(system, simulation);
  const { mutations } = system;
  for (let count = 0; count <= mutations.length; count += 1) {
    figures.moments += 1;
    const moment = momentAfter(mutations, count);
    const isOver = count === mutations.length && results.every((result) => result === 'published');
    for (const state of moment.unflushed.size > 0 ? contentStates : (['whole'] as const))
      for (const kept of subsets(moment.unsure.length, simulation.exhaustive, simulation.samples, random)) {
        const where = () =>
          `${simulation.layout}, ${simulation.beginning}, power lost after ${count} of ${mutations.length}, content ${state}`;
        const nests = figures.images % simulation.nestedEvery === 0;
        judge(simulation, imageOf(before, moment, kept, state), figures, where, isOver);
        if (nests) cutRecovery(simulation, imageOf(before, moment, kept, state), figures, where, random);
      }
  }
  return figures;
}

/** Power comes back: recovery runs, and all must be well. */
function judge(simulation: Simulation, image: Inode, figures: Figures, where: () => string, isOver = false): void {
  const system = memoryFileSystem({ from: image });
  figures.images += 1;
  const found = simulation.inspect?.(system);
  const faults: string[] = found === undefined ? [] : [found];
  if (simulation.recovers !== false)
    try {
      const { diagnostics } = recoverOn(system, simulation);
      faults.push(...diagnostics.map(({ message }) => message));
    } catch (error) {
      faults.push(`recovery threw ${error instanceof Error ? error.message : error}`);
    }
  faults.push(...faultsOf(system, simulation, figures, isOver));
  if (faults.length === 0) return;
  figures.bad += 1;
  if (figures.examples.length < 5) figures.examples.push(`${where()}: ${faults.join('; ')}`);
}

/** Recovery is cut off after each of its own changes, and recovered from. */
function cutRecovery(simulation: Simulation, image: Inode, figures: Figures, where: () => string, random: () => number): void {
  const system = memoryFileSystem({ from: image });
  const before = diskAtRest(image);
  try {
    recoverOn(system, simulation);
  } catch {
    return; // told by the judge already
  }
  const { mutations } = system;
  for (let count = 0; count < mutations.length; count += 1) {
    const moment = momentAfter(mutations, count);
    for (const [index, kept] of [() => false, () => true, () => random() < 0.5].entries()) {
      const state = contentStates[(count + index) % contentStates.length] ?? 'whole';
      const again = imageOf(before, moment, kept, state);
      figures.nested += 1;
      judge(simulation, again, figures, () => `${where()}; recovery cut off after ${count} of ${mutations.length}`);
    }
  }
}

/** Everything that must be true after recovery, each as a sentence about what is not. */
function faultsOf(system: MemoryFileSystem, { layout, beginning }: Simulation, figures: Figures, isOver: boolean): readonly string[] {
  const faults: string[] = [];
  const resources = resourcesOf(layout);
  const states = new Map<string, string>();
  for (const { address, paths, together } of resources) {
    const found = [...new Set(paths.map((path) => stateOf(system, path, beginning)))];
    const state = found.length === 1 ? (found[0] ?? '') : `torn: ${found.join(' and ')}`;
    const group = together ?? address;
    if (state !== 'old' && state !== 'new') faults.push(`${address} is ${state}`);
    else if ((states.get(group) ?? state) !== state) faults.push(`${address} is ${state}, and others of its group are not`);
    states.set(group, state);
    if (isOver && state !== 'new') faults.push(`${address} was reported as published`);
    if (state === 'new') faults.push(...faultsOfNew(system, address, paths, beginning));
  }
  faults.push(...remainders(system));
  if (faults.length === 0) figures[[...states.values()].includes('new') ? 'new' : 'old'] += 1;
  return faults;
}

function stateOf(system: MemoryFileSystem, path: string, beginning: Simulation['beginning']): string {
  const text = system.text(path);
  if (text === contentOf('new', path)) return 'new';
  if (beginning === 'renewal' ? text === contentOf('old', path) : text === undefined) return 'old';
  return text === undefined ? 'lost' : `damaged (${text.length} bytes)`;
}

/** Modes as asked for, services marked, and what was replaced still there. */
function faultsOfNew(
  system: MemoryFileSystem,
  address: string,
  paths: readonly string[],
  beginning: Simulation['beginning'],
): readonly string[] {
  const wide = paths.filter((path) => modeIn(system, path) !== modeOf(path));
  const lost = beginning === 'renewal' ? paths.filter((path) => !isKept(system, address, contentOf('old', path))) : [];
  const marks = system.text(`${stateFolder}/${marksName}`) ?? '[]';
  return [
    ...wide.map((path) => `${path} has another mode than asked for`),
    ...lost.map((path) => `what ${path} replaced is in no generation`),
    ...(decodeLedger(system.text(`${stateFolder}/ledger.jsonl`) ?? '').some((entry) => entry.address === address)
      ? []
      : [`the ledger does not know of ${address}`]),
    ...(marks.includes(`"${address}"`) ? [] : [`nobody will tell the service of ${address}`]),
  ];
}

const modeIn = ({ reader }: MemoryFileSystem, path: string): number | undefined => {
  const reading = reader.read(path, { maxBytes: 10_000 });
  return reading.state === 'read' ? reading.status.mode : undefined;
};

const isKept = (system: MemoryFileSystem, address: string, content: string): boolean =>
  generationsOf(system.reader, { stateFolder, root: '' }, address).some(({ files }) =>
    files.some(({ keptAt }) => system.text(keptAt) === content),
  );

/** Stages and records that should be gone. */
function remainders({ reader }: MemoryFileSystem): readonly string[] {
  const stages = ['/pki', '/etc', '/srv'].flatMap((folder) => (reader.list(folder) ?? []).filter((name) => name.startsWith('.')));
  return [...stages, ...(reader.list(`${stateFolder}/journal`) ?? [])].map((name) => `${name} is left`);
}
