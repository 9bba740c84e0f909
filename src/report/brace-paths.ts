/** `/etc/etcd/ca.crt` and `/etc/etcd/ca.key` as `/etc/etcd/ca.{crt,key}`: what a shell would expand again. */
import { grouped } from './grouped.ts';

/** Paths that differ only in what follows the last dot are written together; the order of first appearance is kept. */
export function bracePaths(paths: readonly string[]): string {
  const groups = grouped(new Set(paths), (path) => /^([^{},]*\/[^/{},]+)\.[^./{},]+$/.exec(path)?.[1] ?? path);
  return [...groups]
    .map(([stem, members]) =>
      members.length === 1 ? members[0] : `${stem}.{${members.map((path) => path.slice(stem.length + 1)).join(',')}}`,
    )
    .join(' ');
}
