/** How the single executable starts, beside an empty program of the very Node that is inside it. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { installPinnedNode } from '../package/pinned-node.mjs';
import { manifest, repository } from '../prepare.mjs';
import { byTurns } from './measure.ts';
import { run } from './run.ts';
import type { Workplace } from './workplace.ts';
import type { Extent, Row } from './works.ts';

const executable = join(repository, 'dist', 'packages', `certstate-${manifest.version}-linux-${process.arch}`);

/** Whether `npm run package` has made one for this machine. */
export const executableIsBuilt = (): boolean => existsSync(executable);

export function executableStartUp({ path }: Workplace, { rounds }: Extent): readonly Row[] {
  const etcd = join(repository, 'desired-state', 'starlingx-etcd.yaml');
  const { program: node } = installPinnedNode(process.arch, path('pinned-node'));
  const took =
    (program: string, ...args: readonly string[]) =>
    () =>
      run(program, args).ms;
  const { empty, version, validate } = byTurns(rounds.start, {
    empty: took(node, '-e', '0'),
    version: took(executable, '--version'),
    validate: took(executable, 'validate', etcd),
  });
  const other = { name: 'node -e 0', spread: empty, note: 'the Node inside' };
  return [
    { work: 'single executable, --version', unit: 'ms', ours: version, other, atMost: 1.1 },
    { work: 'single executable, validate, the etcd file', unit: 'ms', ours: validate, other, atMost: 1.6 },
  ];
}
