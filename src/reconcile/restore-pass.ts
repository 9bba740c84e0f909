/** Puts generations back through the same transaction as every other change: all of them, or none. */
import { createHash } from 'node:crypto';
import { type DesiredResource, filesOf } from '../domain/desired-state.ts';
import type { Diagnostic } from '../domain/diagnostic.ts';
import type { Hold } from '../domain/hold.ts';
import type { Address } from '../domain/names.ts';
import type { ObservedFile } from '../domain/observed-state.ts';
import type { Precondition } from '../domain/plan.ts';
import type { Restoration, RestorePlan } from '../domain/restoration.ts';
import { commandOf } from '../domain/service-commands.ts';
import type { Instant } from '../domain/time.ts';
import type { FileReader } from '../ports/file-reader.ts';
import type { FileToPublish, PublicationSet } from '../ports/store.ts';
import { readRecords } from '../records/read-records.ts';
import { saveRecords } from '../records/save-records.ts';
import { recordsAfterRestore } from '../records/update-records.ts';
import { createFileStore } from '../store-files/file-store.ts';
import { replaceStateFile } from '../store-files/state-files.ts';
import type { Scope, WritingEnvironment } from './environment.ts';
import type { PlanPass } from './plan-pass.ts';
import { settling } from './settle.ts';

export interface RestorePass {
  readonly restored: readonly Restoration[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Call it under the lock. What is on disk must still be what `pass` saw, and what is kept what the plan read.
 * @param holds what is held once it is put back, by address.
 */
export function restorePass(
  environment: WritingEnvironment,
  scope: Scope,
  pass: PlanPass,
  { id, items }: RestorePlan,
  holds: ReadonlyMap<Address, Hold>,
): RestorePass {
  const { reader, writer, clock } = environment;
  const diagnostics: Diagnostic[] = [];
  const resources = new Map<Address, DesiredResource>(pass.desired.resources.map((resource) => [resource.address, resource]));
  const now = clock.now();
  const sets = items.map((item) => setOf(item, resources.get(item.address) as DesiredResource, pass, { reader, id, now, holds }));
  try {
    const store = createFileStore({
      writer,
      reader,
      root: scope.root,
      stateFolder: scope.stateFolder,
      settled: settling(environment, scope, pass.desired),
      warn: (diagnostic) => diagnostics.push(diagnostic),
    });
    const publications = store.publish(sets);
    const restored = items.filter((_, index) => publications[index]?.result === 'published');
    for (const [index, publication] of publications.entries())
      if ('diagnostic' in publication) diagnostics.push({ ...publication.diagnostic, address: items[index]?.address });
    return { restored, diagnostics: [...diagnostics, ...remember(environment, scope, restored, now)] };
  } finally {
    for (const { bytes } of sets.flatMap(({ files }) => files)) bytes.fill(0);
  }
}

interface Context {
  readonly reader: FileReader;
  readonly id: string;
  readonly now: Instant;
  readonly holds: ReadonlyMap<Address, Hold>;
}

function setOf(
  item: Restoration,
  resource: DesiredResource,
  { desired, observed }: PlanPass,
  { reader, id, now, holds }: Context,
): PublicationSet {
  const { address, after, files } = item;
  const setNumber = new Map(filesOf(resource).map(({ path, set }) => [path, set]));
  const when = resource.kind === 'ca' ? 'trust-change' : 'reload';
  const wanted = resource.kind === 'ca' ? resource.trustedBy : resource.services;
  const hasCommand = (name: string) => {
    const service = desired.services.find((one) => one.name === name);
    return service !== undefined && commandOf(service, when === 'reload' ? 'reload' : 'onTrustChange') !== undefined;
  };
  return {
    name: address,
    keep: resource.kind === 'ca' ? 2 : 1,
    group: 'restore',
    services: wanted.filter(hasCommand).map((service) => ({ service, when })),
    hold: holds.get(address),
    files: files.map(
      ({ path, keptAt, sha256, mode, uid, gid, newFolders }): FileToPublish => ({
        path,
        bytes: contentOf(reader, keptAt, sha256),
        mode,
        uid,
        gid,
        newFolders,
        expected: expectedOf(path, observed.files.get(path)),
        // What could not be understood is no generation to go back to.
        replaced: observed.files.get(path)?.state === 'unreadable' ? 'quarantined' : 'kept',
        copy: (setNumber.get(path) ?? 0) > 0,
      }),
    ),
    ledger: {
      at: now,
      address,
      action: 'restore',
      because: [],
      plan: id,
      serial: after.serial ?? '',
      subject: after.subject,
      names: after.names,
      ...(after.notBefore === null ? {} : { notBefore: after.notBefore }),
      notAfter: after.notAfter ?? now,
      sha256: after.sha256 ?? '',
      spkiSha256: after.key?.spkiSha256 ?? '',
      paths: files.map(({ path }) => path),
    },
  };
}

/** Read a moment ago and found whole: that it is another now is no failure to plan for. */
function contentOf(reader: FileReader, path: string, sha256: string): Uint8Array {
  const reading = reader.read(path, { maxBytes: 1024 * 1024 });
  if (reading.state === 'read' && createHash('sha256').update(reading.bytes).digest('hex') === sha256) return reading.bytes;
  throw new Error(`${path} is no longer what it was when the restore was planned`);
}

function expectedOf(path: string, file: ObservedFile | undefined): Precondition {
  if (!file || file.state === 'absent') return { path, exists: false, sha256: null, mode: null, uid: null, gid: null };
  const { status, sha256 } = file;
  const mode = status ? status.mode & 0o7777 : null;
  return { path, exists: true, sha256: sha256 ?? null, mode, uid: status?.uid ?? null, gid: status?.gid ?? null };
}

/** Read again: an earlier run may have been completed meanwhile. */
function remember(
  { reader, writer }: WritingEnvironment,
  { stateFolder }: Scope,
  restored: readonly Restoration[],
  now: Instant,
): readonly Diagnostic[] {
  if (restored.length === 0) return [];
  const before = readRecords(reader, stateFolder);
  const after = recordsAfterRestore(
    before.records,
    restored.map(({ address, files, after: { key } }) => ({
      address,
      written: Object.fromEntries(files.map(({ path, sha256 }) => [path, sha256])),
      spkiSha256: key?.spkiSha256 ?? null,
    })),
    now,
  );
  return saveRecords(
    { stateFolder, replace: (name, bytes) => replaceStateFile({ writer, reader }, stateFolder, name, bytes) },
    before,
    after,
  );
}
