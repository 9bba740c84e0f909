import { matchesPattern } from '../domain/names.ts';
import type { KeptGeneration } from '../domain/restoration.ts';
import type { FileReader } from '../ports/file-reader.ts';
import { type GenerationPlace, generationsOf } from '../store-files/generations.ts';
import { generationsFolder } from '../store-files/state-folder.ts';
import { readHistory } from './history.ts';

/** What is kept of what was replaced: by address, newest first; with `pattern` only the resources that fit it. */
export function keptGenerations(reader: FileReader, place: GenerationPlace, pattern = '*'): readonly KeptGeneration[] {
  const folder = `${place.stateFolder}/${generationsFolder}`;
  const kinds = reader.list(folder) ?? [];
  const addresses = kinds.flatMap((kind) => (reader.list(`${folder}/${kind}`) ?? []).map((name) => `${kind}/${name}`));
  const when = new Map(readHistory(reader, place.stateFolder).entries.map(({ transaction, at }) => [transaction, at]));
  return addresses
    .filter((address) => matchesPattern(address, pattern))
    .flatMap((address) =>
      generationsOf(reader, place, address).map(({ number, transaction, files }) => ({
        address,
        generation: number,
        replacedAt: when.get(transaction),
        files: files.map(({ path }) => path),
      })),
    );
}
