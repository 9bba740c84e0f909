/** What is measured, built and laid out in a temporary folder that goes away afterwards. */
import { mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { buildIfStale, program, repository } from '../prepare.mjs';

export interface Workplace {
  readonly folder: string;
  /** The built program. */
  readonly program: string;
  readonly observeAndPlan: string;
  readonly layOutPairs: string;
  readonly librariesFloor: string;
  /** Programs that do the least there is to do. */
  readonly floor: (name: 'observe' | 'read' | 'issue') => string;
  readonly path: (name: string) => string;
}

export async function inWorkplace(body: (place: Workplace) => Promise<void> | void): Promise<void> {
  buildIfStale();
  const folder = mkdtempSync(join(tmpdir(), 'certstate-bench-'));
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)
    process.once(signal, () => process.exit(code)); // 'exit' tidies up
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const here = fileURLToPath(new URL('.', import.meta.url));
  await build({
    absWorkingDir: repository,
    entryPoints: ['observe-and-plan.ts', 'lay-out-pairs.ts', 'libraries-floor.mjs'].map((name) => `${here}${name}`),
    outdir: folder,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    format: 'cjs',
    mainFields: ['module', 'main'],
    minifyWhitespace: true,
    minifySyntax: true,
    logLevel: 'warning',
  });
  const path = (name: string): string => join(folder, name);
  await body({
    folder,
    program,
    observeAndPlan: path('observe-and-plan.cjs'),
    layOutPairs: path('lay-out-pairs.cjs'),
    librariesFloor: path('libraries-floor.cjs'),
    floor: (name) => `${here}${name}-floor.mjs`,
    path,
  });
}

/** The kinds of file system that change what a flush costs. */
const fileSystems: Readonly<Record<number, string>> = {
  61267: 'ext4',
  16914836: 'tmpfs',
  2435016766: 'btrfs',
  1481003842: 'xfs',
  2035054128: 'overlayfs',
};
export const fileSystemOf = (folder: string): string => fileSystems[statfsSync(folder).type] ?? 'an unknown file system';
