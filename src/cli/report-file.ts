/** A report in a file of its own: whole or not at all, and never through a link. */
import { posix } from 'node:path';
import type { Diagnostic } from '../domain/diagnostic.ts';
import { type FileWriter, isFileSystemError, type OpenFolder } from '../ports/file-writer.ts';
import { createDurably, writeAll } from '../store-files/durable-file.ts';
import { attempt, foldersOf } from '../store-files/open-folder.ts';
import { describeErrno, Refusal } from '../store-files/write-problems.ts';

/** Others read reports: a collector, a later step. Nothing in them is secret. */
const reportMode = 0o644;

/** Puts the text in the place of an absolute path, or says why it could not. What stood there before is replaced as a whole. */
export function writeReport(writer: FileWriter, path: string, text: string, mode = reportMode): Diagnostic | undefined {
  return inFolderOf(writer, path, (folder, name) => {
    mustBeFile(writer, folder, name);
    const beside = `.${name}.${writer.randomName()}.tmp`;
    try {
      createDurably(writer, folder, beside, { bytes: Buffer.from(text), mode });
      writer.rename(folder, beside, folder, name);
    } catch (error) {
      attempt(() => writer.removeFile(folder, beside));
      throw error;
    }
    writer.syncFolder(folder);
  });
}

/** Adds the text at the end of a file that collects what several steps write, as the runner of GitHub Actions has it. */
export function appendReport(writer: FileWriter, path: string, text: string): Diagnostic | undefined {
  return inFolderOf(writer, path, (folder, name) => {
    mustBeFile(writer, folder, name);
    const file = writer.appendTo(folder, name);
    try {
      writeAll(writer, file, Buffer.from(text));
    } finally {
      attempt(() => writer.closeFile(file));
    }
  });
}

function mustBeFile(writer: FileWriter, folder: OpenFolder, name: string): void {
  const found = writer.entry(folder, name);
  if (found !== undefined && found.type !== 'file')
    throw new Refusal(
      'report-unwritable',
      found.type === 'link' ? 'a symbolic link stands there' : found.type === 'folder' ? 'a folder stands there' : 'it is no regular file',
      'name another file',
    );
}

function inFolderOf(writer: FileWriter, path: string, body: (folder: OpenFolder, name: string) => void): Diagnostic | undefined {
  const folders = foldersOf(writer, '');
  try {
    body(folders.open(posix.dirname(path), []), posix.basename(path));
    return undefined;
  } catch (error) {
    return unwritable(error, path);
  } finally {
    folders.close();
  }
}

function unwritable(error: unknown, path: string): Diagnostic {
  const problem = { code: 'report-unwritable', severity: 'error', message: `the report ${path} cannot be written` } as const;
  if (error instanceof Refusal) {
    const { code, message, hint } = error.diagnostic;
    // A folder that is gone was there when a plan was made; here it may never have been.
    const isGone = code === 'changed-since-plan';
    return {
      ...problem,
      hint: isGone ? `mkdir -p ${posix.dirname(path)}` : hint,
      notes: [`cause: ${isGone ? 'its folder is not there' : message}`],
    };
  }
  if (!isFileSystemError(error)) throw error;
  return { ...problem, hint: 'name a file in a folder that this user may write in', notes: [`cause: ${describeErrno(error.code)}`] };
}
