/** Reading files of any size. */

export type PieceReading =
  | { readonly state: 'read' | 'absent' | 'symlink' | 'folder' }
  | { readonly state: 'refused'; readonly problem: 'unreadable' | 'not-regular'; readonly cause: string };

/**
 * Hands a regular file to `take`, piece by piece and in order; the octets of a piece are another's once `take` has returned. Opened without blocking and
 * without following a final link. Never throws for anything the disk can do; `take` may have been handed pieces before a reading is refused.
 */
export type PieceReader = (path: string, take: (piece: Uint8Array) => void) => PieceReading;
