/** Which paths concern whom: what a look at a desired state depends on, and which folders have to be listened to for it. */
import { posix } from 'node:path';
import { type DesiredState, filesOf } from '../domain/desired-state.ts';
import type { Address } from '../domain/names.ts';
import type { FileReader } from '../ports/file-reader.ts';
import { isYamlName } from '../reconcile/load-desired-state.ts';

export interface Interest {
  /** By path of a file: the resources that have to be looked at again when it changes. */
  readonly files: ReadonlyMap<string, ReadonlySet<Address>>;
  /** Every folder on the way to a file: where one of these changes, all may be otherwise. */
  readonly folders: ReadonlySet<string>;
  /** Files of which the whole look depends: the text, and what the state directory remembers. */
  readonly whole: ReadonlySet<string>;
  /** Folders whose YAML files are the desired state. */
  readonly textFolders: ReadonlySet<string>;
}

/** What has to be looked at again after something happened to a path. */
export type Concern = 'nothing' | 'everything' | ReadonlySet<Address>;

export interface Sources {
  /** The `-f` arguments, as absolute paths, and the files of the state directory that a plan rests on. */
  readonly texts: readonly string[];
  readonly records: readonly string[];
}

/** Which resources depend on each path that a desired state names: what can be told without asking the disk, once for a text. */
export interface Named {
  readonly files: ReadonlyMap<string, ReadonlySet<Address>>;
  readonly folders: ReadonlySet<string>;
  /** Files that may be reached by a link: then it is what the link leads to that changes. */
  readonly throughLinks: readonly string[];
}

export function namedIn(desired: Pick<DesiredState, 'resources'>): Named {
  const below = childrenOf(desired);
  const files = new Map<string, ReadonlySet<Address>>();
  const throughLinks: string[] = [];
  for (const resource of desired.resources) {
    // One set for all files of a resource, since hardly any is named by two.
    const concerned = new Set([resource.address, ...(below.get(resource.address) ?? [])]);
    const paths = filesOf(resource).map(({ path }) => path);
    if (resource.kind === 'ca' && resource.provided)
      paths.push(resource.provided.certificate, ...[resource.provided.privateKey ?? []].flat());
    for (const path of paths) {
      const known = files.get(path);
      files.set(path, known ? new Set([...known, ...concerned]) : concerned);
    }
    if (resource.manage === 'observe') throughLinks.push(...paths);
  }
  return { files, folders: foldersOf(files.keys()), throughLinks };
}

export function interestOf(
  { files: named, folders, throughLinks }: Named,
  { texts, records }: Sources,
  reader: Pick<FileReader, 'folder' | 'realPath'>,
): Interest {
  const led = new Map<string, Set<Address>>();
  for (const path of throughLinks) {
    const real = reader.realPath(path);
    if (real === undefined || real === path) continue;
    led.set(real, new Set([...(led.get(real) ?? named.get(real) ?? []), ...(named.get(path) ?? [])]));
  }
  const textFolders = new Set(texts.filter((path) => reader.folder(path, { followLinks: true }).state === 'present'));
  const whole = new Set([...texts.flatMap((path) => [path, reader.realPath(path) ?? path]), ...records]);
  const further = foldersOf([...led.keys(), ...whole, ...[...textFolders].map((folder) => `${folder}/x`)]);
  return { files: led.size === 0 ? named : new Map([...named, ...led]), whole, textFolders, folders: new Set([...folders, ...further]) };
}

export function concernOf(path: string, { files, folders, whole, textFolders }: Interest): Concern {
  const touched = files.get(path);
  if (whole.has(path) || folders.has(path)) return 'everything';
  // Kubernetes replaces all files of a ConfigMap or Secret by this one link, which no path names.
  if (posix.basename(path) === '..data') return 'everything';
  if (textFolders.has(posix.dirname(path)) && isYamlName(posix.basename(path))) return 'everything';
  return touched ?? 'nothing';
}

/** The folders that are there, each with what tells it from another one at the same path. */
export function identitiesOf({ folders }: Interest, reader: Pick<FileReader, 'folder'>): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const path of folders) {
    const seen = reader.folder(path, { followLinks: true });
    if (seen.state === 'present') found.set(path, `${seen.device}:${seen.inode}`);
  }
  return found;
}

/** By address of an authority: everything that is signed below it, however far. */
function childrenOf({ resources }: Pick<DesiredState, 'resources'>): ReadonlyMap<Address, readonly Address[]> {
  const issuers = new Map(resources.map(({ address, issuer }) => [address, issuer]));
  const below = new Map<Address, Address[]>();
  for (const { address } of resources)
    for (let at = issuers.get(address); at !== undefined; at = issuers.get(at)) {
      const known = below.get(at);
      if (known) known.push(address);
      else below.set(at, [address]);
    }
  return below;
}

function foldersOf(paths: Iterable<string>): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const path of paths) for (let at = posix.dirname(path); !folders.has(at); at = posix.dirname(at)) folders.add(at);
  return folders;
}
