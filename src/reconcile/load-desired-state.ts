import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { maxBytes } from '../desired-state/decode.ts';
import { type Parsed, parseDesiredState } from '../desired-state/parse-desired-state.ts';
import { codes, type InputCode } from '../domain/codes.ts';
import type { Diagnostic } from '../domain/diagnostic.ts';
import type { Instant } from '../domain/time.ts';
import type { FileReader, FileReading } from '../ports/file-reader.ts';

export interface LoadRequest {
  /** The `-f` arguments: files, or folders that stand for their own `*.yaml` and `*.yml`. */
  readonly paths: readonly string[];
  readonly reader: FileReader;
  readonly host: string;
  readonly root: string;
  readonly stateFolder: string;
  readonly set: ReadonlyMap<string, string>;
  readonly now: Instant;
  /** Files for other hosts are passed over in silence. */
  readonly passOver?: boolean | undefined;
  /** Who we are: a file that neither we nor root own is somebody else's to change. */
  readonly process?: { readonly uid: number } | undefined;
}

export interface Source {
  readonly file: string;
  readonly bytes: Uint8Array;
}

/**
 * Reads and parses the desired state. Links are followed: configuration is often put in place by one. A file that cannot be read is an
 * error, and the others are judged all the same, so that everything that is wrong is said at once.
 */
export const loadDesiredState = (request: LoadRequest): Parsed => parseSources(request, readSources(request));

/** The texts as they are on disk, and what is wrong with the files; no text is judged yet. */
export interface SourcesRead {
  readonly sources: readonly Source[];
  readonly diagnostics: readonly Diagnostic[];
}

/** The first half: the files are found, guarded and read. */
export function readSources({ paths, reader, process }: Pick<LoadRequest, 'paths' | 'reader' | 'process'>): SourcesRead {
  const diagnostics: Diagnostic[] = [];
  const sources: Source[] = [];
  const seen = new Set<string>();
  const guarded = new Set<string>();
  for (const file of paths.flatMap((path) => filesAt(path, reader, diagnostics))) {
    const reading = reader.read(file, { maxBytes, followLinks: true });
    if (reading.state !== 'read') {
      diagnostics.push(refusal(file, reading));
      continue;
    }
    // One file by two ways (a folder and a file in it, a link) is still one file.
    const identity = `${reading.status.device}:${reading.status.inode}`;
    if (seen.has(identity)) continue;
    seen.add(identity);
    const theirs = guardOwner(file, reading.status, process);
    diagnostics.push(...theirs, ...(theirs.length === 0 ? guardFolder(posix.dirname(file), reader, guarded) : []));
    sources.push({ file, bytes: reading.bytes });
  }
  return { sources, diagnostics };
}

/** Over what was read: the same is parsed to the same. Lower-case hex. */
export function sourcesHash({ sources, diagnostics }: SourcesRead): string {
  const hash = createHash('sha256').update(JSON.stringify(diagnostics.map(({ code, message }) => [code, message])));
  for (const { file, bytes } of sources) hash.update(`\0${file}\0${bytes.length}\0`).update(bytes);
  return hash.digest('hex');
}

/** The second half: the texts are parsed. */
export function parseSources(request: LoadRequest, { sources, diagnostics }: SourcesRead): Parsed {
  const { paths, host, root, stateFolder, set, now, passOver } = request;
  const incomplete = diagnostics.some(({ severity }) => severity === 'error');
  const parsed = parseDesiredState(sources, { host, root, passOver, stateDir: stateFolder, set, from: paths, now, incomplete });
  return { ...parsed, state: incomplete ? undefined : parsed.state, diagnostics: [...diagnostics, ...parsed.diagnostics] };
}

/** What a folder means: its own files of this kind, hidden ones aside. */
export const isYamlName = (name: string): boolean => /\.ya?ml$/.test(name) && !name.startsWith('.');

function filesAt(path: string, reader: FileReader, diagnostics: Diagnostic[]): readonly string[] {
  const folder = reader.folder(path, { followLinks: true });
  if (folder.state === 'unreadable') {
    diagnostics.push(diagnostic('file-unreadable', `${path} cannot be read: ${folder.cause}`, 'check its permissions'));
    return [];
  }
  if (folder.state !== 'present') return [path];
  const names = reader.list(path);
  const files = (names ?? []).filter(isYamlName).toSorted();
  if (!names) diagnostics.push(diagnostic('file-unreadable', `the folder ${path} cannot be listed`, 'check its permissions'));
  else if (files.length === 0)
    diagnostics.push(
      diagnostic(
        'file-missing',
        `there is no YAML file in the folder ${path}`,
        'put a *.yaml or *.yml file there; subfolders are not read',
      ),
    );
  return files.map((name) => `${path.replace(/\/+$/, '')}/${name}`);
}

function refusal(file: string, reading: Exclude<FileReading, { state: 'read' }>): Diagnostic {
  if (reading.state === 'absent') return diagnostic('file-missing', `there is no file ${file}`, 'name the file or folder with -f');
  switch (reading.problem) {
    case 'too-large':
      return diagnostic(
        'file-too-large',
        `${file} has more than the ${maxBytes} bytes that are read`,
        'split it into several files in one folder, and check that the path is the right one',
      );
    case 'not-regular':
    case 'symlink':
      return diagnostic('file-not-regular', `${file} is not a regular file: ${reading.cause}`, 'name a YAML file or a folder of them');
    case 'unreadable':
      return diagnostic('file-unreadable', `${file} cannot be read: ${reading.cause}`, 'check its permissions');
  }
}

/** Whoever can write the desired state has certificates signed and commands run in our name. */
function guardOwner(
  file: string,
  { mode, uid }: { readonly mode: number; readonly uid: number },
  process: LoadRequest['process'],
): readonly Diagnostic[] {
  if (mode & 0o002)
    return [diagnostic('file-writable-by-others', `${file} can be written by everybody`, `take that right away: chmod o-w ${file}`)];
  if (process && uid !== 0 && uid !== process.uid)
    return [
      diagnostic(
        'file-writable-by-others',
        `${file} belongs to another user, with the number ${uid}`,
        'let root or the user that runs certstate own it',
      ),
    ];
  return [];
}

/** Whoever may write a folder can put another file in the place of one that is his neither to own nor to write; unless it is sticky, as /tmp is. */
function guardFolder(path: string, reader: FileReader, guarded: Set<string>): readonly Diagnostic[] {
  if (guarded.has(path)) return [];
  guarded.add(path);
  const folder = reader.folder(path, { followLinks: true });
  if (folder.state !== 'present' || (folder.mode & 0o1002) !== 0o002) return [];
  const message = `everybody can write the folder ${path}, and so put another desired state there`;
  return [diagnostic('file-writable-by-others', message, `take that right away: chmod o-w ${path}`)];
}

const diagnostic = (code: InputCode, message: string, hint: string): Diagnostic => ({
  code,
  severity: codes[code].severity,
  message,
  hint,
});
