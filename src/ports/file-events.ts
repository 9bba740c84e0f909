/** Being told that files may have changed. An event only means "look again": its kind and its order carry no meaning. */
export type FileEvent =
  /** Something may have happened to what stands at this path: a name in a folder that is listened to, or the folder itself. */
  | { readonly event: 'changed'; readonly path: string }
  /** Nothing is heard of this folder, until it is listened to again; why, in words. */
  | { readonly event: 'deaf'; readonly folder: string; readonly cause: string };

export interface FileEvents {
  /**
   * Listens to exactly these folders, and not to what lies below them: by path, each with what tells the folder that stands there from another one
   * (device and inode). Where another one stands than was listened to, or nothing was heard any more, it is listened to anew. What cannot be heard is
   * told as an event, every time. Resolves when each of them is listened to or was told to be deaf.
   */
  listen(folders: ReadonlyMap<string, string>): Promise<void>;
  close(): void;
}

export type OpenFileEvents = (hear: (event: FileEvent) => void) => FileEvents;
