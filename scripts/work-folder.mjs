import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

/** A temporary folder that is gone when this process ends, however it ends short of SIGKILL. @returns {string} */
export function workFolder(/** @type {string} */ name) {
  const folder = mkdtempSync(join(tmpdir(), `certstate-${name}-`));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));
  return folder;
}
