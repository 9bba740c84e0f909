import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Gives the body an empty folder of its own (0700, without links in its path) and removes it with all it holds, whatever happens. */
export async function inTemporaryFolder<Value>(body: (folder: string) => Promise<Value> | Value): Promise<Value> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'certstate-')));
  try {
    return await body(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
