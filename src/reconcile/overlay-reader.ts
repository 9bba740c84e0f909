import type { FileReader } from '../ports/file-reader.ts';

/** What a path would show: the content of another file, with these attributes. */
export interface Shown {
  readonly contentOf: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** The disk as it would be if these files stood at these paths: to judge a change before it is made. */
export const overlayReader = (reader: FileReader, shown: ReadonlyMap<string, Shown>): FileReader => ({
  ...reader,
  read(path, options) {
    const instead = shown.get(path);
    if (!instead) return reader.read(path, options);
    const { contentOf, mode, uid, gid } = instead;
    const reading = reader.read(contentOf, { maxBytes: options.maxBytes });
    return reading.state === 'read' ? { ...reading, status: { ...reading.status, links: 1, mode, uid, gid } } : reading;
  },
});
