import { lstatSync, statSync } from 'node:fs';
import type { FileGlance } from '../ports/file-glance.ts';
import { statusOf } from './file-status.ts';

/** One system call, nothing is opened. */
export const nodeFileGlance: FileGlance = (path, { followLinks }) => {
  try {
    const stats = (followLinks ? statSync : lstatSync)(path, { bigint: true, throwIfNoEntry: false });
    if (!stats?.isFile()) return undefined;
    return { status: statusOf(stats), modifiedAt: stats.mtimeNs, changedAt: stats.ctimeNs };
  } catch {
    return undefined;
  }
};
