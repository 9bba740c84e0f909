/** Single files of the state directory that are replaced whole: what is remembered, not what is managed. One file needs no journal: its rename is the commit. */
import type { Diagnostic } from '../domain/diagnostic.ts';
import type { FileReader } from '../ports/file-reader.ts';
import type { FileWriter } from '../ports/file-writer.ts';
import { replaceDurably } from './durable-file.ts';
import { openStateFolder, type StateFolder } from './state-folder.ts';
import { problemWith } from './write-problems.ts';

/** Replaces `name` in the state directory (made where it is not there) durably, 0600. Returns what went wrong, with the old file in place. */
export function replaceStateFile(
  { writer, reader }: { readonly writer: FileWriter; readonly reader: FileReader },
  stateFolder: string,
  name: string,
  bytes: Uint8Array,
): Diagnostic | undefined {
  let state: StateFolder | undefined;
  try {
    state = openStateFolder(writer, reader, stateFolder);
    replaceDurably(writer, state.own, name, bytes);
    return undefined;
  } catch (error) {
    return { ...problemWith(error, `${stateFolder}/${name}`, []), code: 'state-folder' };
  } finally {
    state?.close();
  }
}
