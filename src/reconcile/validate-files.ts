/** Judging files that somebody listed, as an editor or a hook does: those of one folder are one desired state, those of another folder another. */
import { posix } from 'node:path';
import type { Parsed } from '../desired-state/parse-desired-state.ts';
import type { InputCode } from '../domain/codes.ts';
import type { DesiredResource, DesiredService } from '../domain/desired-state.ts';
import type { Diagnostic } from '../domain/diagnostic.ts';
import type { FileReader } from '../ports/file-reader.ts';
import { isYamlName, type LoadRequest } from './load-desired-state.ts';
import { validateDesiredState } from './validate-desired-state.ts';

export interface Validation {
  /** What the files describe; undefined if there is an error among the diagnostics. */
  readonly found: { readonly resources: readonly DesiredResource[]; readonly services: readonly DesiredService[] } | undefined;
  readonly diagnostics: readonly Diagnostic[];
  /** The text of each file that was judged and could be decoded. */
  readonly texts: ReadonlyMap<string, string>;
}

/** One desired state: what `-f` names, wherever it lies. */
export const validateTogether = (request: LoadRequest, anyHost: boolean): Validation =>
  validationOf(validateDesiredState(request, anyHost));

/**
 * One desired state per folder among `paths`. A hook is handed only the files that have changed: where one of them names an issuer or a service that is
 * in none of them, the other YAML files of the folder are read for it, and nothing is said about those.
 */
export function validateByFolder(request: LoadRequest, anyHost: boolean): Validation {
  const all = byFolder(request.paths, request.reader).map(({ folder, paths }) => {
    const alone = validationOf(validateDesiredState({ ...request, paths }, anyHost));
    return alone.diagnostics.some(({ code }) => mayStandElsewhere.has(code))
      ? withNeighbours(alone, folder, { ...request, paths }, anyHost)
      : alone;
  });
  const found = all.flatMap((each) => each.found ?? []);
  return {
    found:
      found.length < all.length
        ? undefined
        : { resources: found.flatMap(({ resources }) => resources), services: found.flatMap(({ services }) => services) },
    diagnostics: all.flatMap(({ diagnostics }) => diagnostics),
    texts: new Map(all.flatMap(({ texts }) => [...texts])),
  };
}

const validationOf = ({ state, diagnostics, texts }: Parsed): Validation => ({ found: state, diagnostics, texts });

function byFolder(paths: readonly string[], reader: FileReader): readonly { readonly folder: string; readonly paths: readonly string[] }[] {
  const groups = new Map<string, string[]>();
  for (const path of paths) {
    const isFolder = reader.folder(path, { followLinks: true }).state === 'present';
    const folder = posix.normalize(isFolder ? path : posix.dirname(path)).replace(/(?<=.)\/$/, '');
    const group = groups.get(folder);
    if (group) group.push(path);
    else groups.set(folder, [path]);
  }
  return [...groups].map(([folder, members]) => ({ folder, paths: members }));
}

/** What is no error any more if another file of the folder has what is missing. */
const mayStandElsewhere: ReadonlySet<Diagnostic['code']> = new Set<InputCode>(['unknown-issuer', 'unknown-service', 'file-empty']);

function withNeighbours(alone: Validation, folder: string, request: LoadRequest, anyHost: boolean): Validation {
  const given = new Set(alone.texts.keys());
  const names = new Set([...given, ...request.paths].map((path) => posix.basename(path)));
  const neighbours = (request.reader.list(folder) ?? []).filter((name) => isYamlName(name) && !names.has(name));
  if (neighbours.length === 0) return alone;
  const paths = [...request.paths, ...neighbours.map((name) => posix.join(folder, name))];
  const { state, diagnostics, texts } = validateDesiredState({ ...request, paths }, anyHost);
  const judged = [
    ...alone.diagnostics.filter(({ place }) => place === undefined),
    ...diagnostics.filter(({ place }) => place !== undefined && given.has(place.file)),
  ];
  const ours = <What extends { readonly place: { readonly file: string } }>(all: readonly What[]): readonly What[] =>
    all.filter(({ place }) => given.has(place.file));
  return {
    // An error in a neighbour leaves nothing to count.
    found: judged.some(({ severity }) => severity === 'error')
      ? undefined
      : { resources: ours(state?.resources ?? []), services: ours(state?.services ?? []) },
    diagnostics: judged,
    texts: new Map([...texts].filter(([file]) => given.has(file))),
  };
}
