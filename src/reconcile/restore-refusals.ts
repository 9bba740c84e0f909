/** What cannot be put back, and why: what is kept must be whole and wanted, and what is there now must be known, in a folder that is safe to write in. */
import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { type DesiredResource, filesOf } from '../domain/desired-state.ts';
import type { Diagnostic } from '../domain/diagnostic.ts';
import type { Address } from '../domain/names.ts';
import type { ObservedState } from '../domain/observed-state.ts';
import { isUnknowable } from '../plan/problem-checks.ts';
import type { FileReader } from '../ports/file-reader.ts';
import type { Generation } from '../store-files/generations.ts';

/** The first reason not to put a generation back; undefined where there is none. Only content is judged, not whether key and certificate belong together. */
export function refusalOf(
  resource: DesiredResource,
  generation: Generation,
  observed: ObservedState,
  reader: FileReader,
): Diagnostic | undefined {
  const { address } = resource;
  if (resource.manage === 'observe')
    return unusable(address, generation, 'the desired state says manage: observe', 'put it back by hand, or where it is managed');
  if (generation.files.length === 0) return unusable(address, generation, 'its list of files is damaged');
  const paths = new Set(filesOf(resource).map(({ path }) => path));
  for (const { path, keptAt, sha256 } of generation.files) {
    if (!paths.has(path)) return unusable(address, generation, `it holds ${path}, which the desired state does not name (any more)`);
    const reading = reader.read(keptAt, { maxBytes: 1024 * 1024 });
    if (reading.state !== 'read') return unusable(address, generation, `${keptAt} cannot be read`);
    const intact = createHash('sha256').update(reading.bytes).digest('hex') === sha256;
    reading.bytes.fill(0);
    if (!intact) return unusable(address, generation, `${keptAt} is not what was kept: its hash is another`);
    const problem = placeProblem(path, observed);
    if (problem) return { ...problem, address };
  }
  return undefined;
}

/** What apply would not write over, or write into, restore does not either. Garbage is no reason: it is put aside. */
function placeProblem(path: string, { files, folders }: ObservedState): Diagnostic | undefined {
  const file = files.get(path);
  if (file?.state === 'unreadable' && isUnknowable[file.problem])
    return {
      code: file.problem,
      severity: 'error',
      message: `${path} is not replaced: ${file.cause}`,
      hint: 'move away what stands there, then restore again',
    };
  const folder = folders.get(posix.dirname(path));
  if (!folder || folder.state === 'usable' || folder.state === 'absent') return undefined;
  return {
    code: folder.state === 'unsafe' ? 'unsafe-folder' : 'folder-not-usable',
    severity: 'error',
    message: `nothing is written into ${folder.path}: ${folder.ancestor ?? folder.path}: ${folder.cause ?? 'it is no folder'}`,
    hint: 'make it a folder that only its owner can write, then restore again',
  };
}

export const nothingKept = (address: Address, others: readonly Address[]): Diagnostic => ({
  code: 'nothing-to-restore',
  severity: 'error',
  message: `nothing that ${address} had before is kept`,
  hint:
    others.length > 0
      ? `there is something to go back to for ${others.join(', ')}; certstate restore --list shows it`
      : 'nothing has been replaced here yet',
  address,
});

/** Without an address, and without a change to take back. */
export const nothingAtAll = (stateFolder: string): Diagnostic => ({
  code: 'nothing-to-restore',
  severity: 'error',
  message: `no change is known in ${stateFolder}, so there is nothing to take back`,
  hint: 'if certstate has worked on this PKI: with the same --root and --state-dir as then',
});

export const notDesired = (address: Address): Diagnostic => ({
  code: 'generation-unusable',
  severity: 'error',
  message: `${address} is no longer in the desired state, so nothing of it is put anywhere`,
  hint: 'bring it back into the YAML first',
  address,
});

export const unusable = (
  address: Address,
  { number }: Pick<Generation, 'number'>,
  cause: string,
  hint = 'look at it below generations/ in the state directory',
): Diagnostic => ({
  code: 'generation-unusable',
  severity: 'error',
  message: `generation ${number} of ${address} cannot be put back: ${cause}`,
  hint,
  address,
});
