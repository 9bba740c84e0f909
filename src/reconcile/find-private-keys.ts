/** Which of some files hold a private key: what must not come into git. Any file, not only YAML; no desired state is needed. */
import { posix } from 'node:path';
import { codes, type InputCode } from '../domain/codes.ts';
import type { Diagnostic } from '../domain/diagnostic.ts';
import { type FoundKey, KeySearch } from '../formats/key-search.ts';
import type { FileReader } from '../ports/file-reader.ts';
import type { PieceReader } from '../ports/piece-reader.ts';
import { nameOfPrivateKey } from '../x509/private-key-shape.ts';

export interface KeySearchResult {
  /** The files that were searched, folders taken apart. */
  readonly files: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/** A folder means everything below it, `.git` apart. A link is passed over: what git keeps of it is where it leads, not what is there. */
export function findPrivateKeys(paths: readonly string[], reader: Pick<FileReader, 'list'>, readPieces: PieceReader): KeySearchResult {
  const files: string[] = [];
  const diagnostics: Diagnostic[] = [];
  const visit = (path: string, named: boolean): void => {
    const search = new KeySearch(nameOfPrivateKey);
    const reading = readPieces(path, (piece) => search.take(piece));
    search.end();
    diagnostics.push(...search.found.map((found) => keyInFile(path, found)));
    switch (reading.state) {
      case 'read':
        files.push(path);
        return;
      case 'symlink':
        return;
      case 'folder': {
        const names = reader.list(path);
        if (!names) diagnostics.push(diagnostic('file-unreadable', `the folder ${path} cannot be listed`, 'check its permissions'));
        for (const name of names ?? []) if (name !== '.git') visit(posix.join(path, name), false);
        return;
      }
      case 'absent':
        if (named) diagnostics.push(diagnostic('file-missing', `there is no file ${path}`, 'check its name'));
        return;
      case 'refused':
        if (reading.problem === 'unreadable')
          diagnostics.push(diagnostic('file-unreadable', `${path} cannot be read: ${reading.cause}`, 'check its permissions'));
        else if (named)
          diagnostics.push(diagnostic('file-not-regular', `${path} is not a regular file: ${reading.cause}`, 'name files or folders'));
        return;
    }
  };
  for (const path of paths) visit(path, true);
  return { files, diagnostics };
}

const keyInFile = (file: string, { name, line, column, endColumn }: FoundKey): Diagnostic => ({
  ...diagnostic(
    'private-key-in-file',
    `${name} stands in ${file}`,
    'take it out of the file and of the history of git; if it was ever pushed, others have it: make a new one',
  ),
  place: { file, line, column, endLine: line, endColumn },
});

const diagnostic = (code: InputCode, message: string, hint: string): Diagnostic => ({
  code,
  severity: codes[code].severity,
  message,
  hint,
});
