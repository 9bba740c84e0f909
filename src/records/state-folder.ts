/** The state directory: ours alone (0700), made when something is to be remembered. */
import type { FileWriter, OpenFolder } from '../ports/file-writer.ts';

/** Makes the folder and what is missing on the way: 0755 above, 0700 itself. Throws a `FileSystemError` where the system refuses. */
export function makeStateFolder(writer: FileWriter, path: string): void {
  const names = path.split('/').filter((name) => name !== '');
  const opened: OpenFolder[] = [writer.openRoot()];
  try {
    for (const [index, name] of names.entries())
      opened.push(openOrMake(writer, opened.at(-1) as OpenFolder, name, index === names.length - 1 ? 0o700 : 0o755));
  } finally {
    for (const folder of opened.toReversed()) writer.closeFolder(folder);
  }
}

function openOrMake(writer: FileWriter, parent: OpenFolder, name: string, mode: number): OpenFolder {
  if (writer.entry(parent, name) === undefined) {
    writer.makeFolder(parent, name, mode);
    writer.syncFolder(parent);
  }
  return writer.openFolder(parent, name);
}
