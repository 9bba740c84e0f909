/** What `validate` says when the text is in order. */
import { posix } from 'node:path';
import type { DesiredResource, DesiredService } from '../domain/desired-state.ts';

export interface ValidFiles {
  readonly files: readonly string[];
  readonly resources: readonly Pick<DesiredResource, 'kind'>[];
  readonly services: readonly Pick<DesiredService, 'name'>[];
}

const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

/** `etcd.yaml is valid: 1 authority, 3 certificates, 2 services.` */
export function validText({ files, resources, services }: ValidFiles): string {
  const authorities = resources.filter(({ kind }) => kind === 'ca').length;
  const parts = (
    [
      [authorities, 'authority', 'authorities'],
      [resources.length - authorities, 'certificate', 'certificates'],
      [services.length, 'service', 'services'],
    ] as const
  ).flatMap(([count, one, many]) => (count > 0 ? [counted(count, one, many)] : []));
  return `${whereOf(files)} ${files.length === 1 ? 'is' : 'are'} valid${parts.length > 0 ? `: ${parts.join(', ')}` : ''}.\n`;
}

/** Both names of two files, `5 files in desired-state`, `100 files in 12 folders`. */
function whereOf(files: readonly string[]): string {
  if (files.length <= 2) return files.join(' and ');
  const [folder = '.', ...others] = new Set(files.map((file) => posix.dirname(file)));
  return `${files.length} files in ${others.length > 0 ? `${others.length + 1} folders` : folder === '.' ? 'this folder' : folder}`;
}

/** What is left to say of many files of which some are wrong. */
export const othersValid = (files: number, wrong: number): string =>
  `${files - wrong} of ${counted(files, 'file')} ${files - wrong === 1 ? 'is' : 'are'} valid`;

/** What `validate --no-keys` says when there is nothing to find. */
export const keylessText = (files: number): string => `No private key in ${counted(files, 'file')}.\n`;
