/** What `check` says of certificates and keys beside the managed files: an end that nobody watches, a key that everybody can read. */
import { posix } from 'node:path';
import type { Diagnostic } from '../domain/diagnostic.ts';
import type { UnmanagedFile } from '../domain/observed-state.ts';
import { formatDay, type Instant } from '../domain/time.ts';
import { validityOf } from './validity.ts';

/** More names than this say no more. */
const namedAtMost = 4;

/** One diagnostic for each that is dangerous, and one for each folder about the rest, in the order of their paths. */
export function neighbourDiagnostics(neighbours: readonly UnmanagedFile[], now: Instant): readonly Diagnostic[] {
  const judged = neighbours.map((neighbour) => ({ neighbour, danger: dangerOf(neighbour, now) }));
  const quiet = judged.filter(({ danger }) => danger === undefined).map(({ neighbour }) => neighbour.path);
  const folders = [...new Set(quiet.map((path) => posix.dirname(path)))];
  return [
    ...judged.flatMap(({ danger }) => danger ?? []),
    ...folders.map((folder) =>
      unmanaged(
        folder,
        quiet.filter((path) => posix.dirname(path) === folder).map((path) => posix.basename(path)),
      ),
    ),
  ];
}

function dangerOf(neighbour: UnmanagedFile, now: Instant): Diagnostic | undefined {
  const { path } = neighbour;
  if (neighbour.kind === 'key')
    return neighbour.exposedMode === undefined
      ? undefined
      : {
          code: 'unmanaged-key-exposed',
          severity: 'warning',
          message: `${path}, a private key that the desired state does not name, can be read by every local user`,
          hint: 'chmod 0600 it; if it may have leaked, replace it',
          file: path,
        };
  if (validityOf(neighbour.certificate, now) !== 'expired') return undefined;
  return {
    code: 'unmanaged-expired',
    severity: 'warning',
    message: `${path}, which the desired state does not name, expired ${formatDay(neighbour.certificate.notAfter)}`,
    hint: 'remove it, or name it in the YAML',
    file: path,
  };
}

function unmanaged(folder: string, names: readonly string[]): Diagnostic {
  const named = names.length <= namedAtMost ? names : names.slice(0, namedAtMost - 1);
  const rest = names.length - named.length;
  return {
    code: 'unmanaged',
    severity: 'notice',
    message: `${folder} holds what the desired state does not name: ${named.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`,
    hint: 'name them in the YAML, where "manage: observe" only watches them',
    file: folder,
  };
}
