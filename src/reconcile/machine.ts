/** What tells this machine from every other: its machine-id (machine-id(5)), else its host name. */
import type { FileReader } from '../ports/file-reader.ts';
import type { Scope } from './environment.ts';

/** Below another root it is that root's: what lies there is somebody else's machine. */
export function machineOf(reader: FileReader, { root, host }: Pick<Scope, 'root' | 'host'>): string {
  const reading = reader.read(`${root}/etc/machine-id`, { maxBytes: 256, followLinks: true, within: root === '' ? undefined : root });
  const text = reading.state === 'read' ? Buffer.from(reading.bytes).toString('latin1').trim() : '';
  // `uninitialized` stands there while an image is made.
  return /^[0-9a-f]{32}$/.test(text) ? text : host;
}
