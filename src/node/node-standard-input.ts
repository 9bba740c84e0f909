/** What is handed to us on standard input, read to its end. */
import { readSync } from 'node:fs';
import { errnoWords } from './errno-words.ts';

export type InputReading =
  | { readonly state: 'read'; readonly bytes: Uint8Array }
  | { readonly state: 'refused'; readonly problem: 'unreadable' | 'too-large'; readonly cause: string };

const pieceBytes = 1 << 16;
const pauseMilliseconds = 10;

/** Whole, or not at all where it has more than `maxBytes`. Waits for whoever writes; never throws for what the other end does. */
export function readStandardInput(maxBytes: number): InputReading {
  const pieces: Buffer[] = [];
  let length = 0;
  for (;;) {
    const piece = Buffer.allocUnsafe(pieceBytes);
    let count: number;
    try {
      count = readSync(0, piece, 0, pieceBytes, null);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EOF') count = 0;
      else if (code === 'EAGAIN') {
        // Whoever shares the descriptor has made it non-blocking, as some shells and runners do: there is nothing yet.
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMilliseconds);
        continue;
      } else return { state: 'refused', problem: 'unreadable', cause: errnoWords(error) };
    }
    if (count === 0) return { state: 'read', bytes: Buffer.concat(pieces, length) };
    length += count;
    if (length > maxBytes) return { state: 'refused', problem: 'too-large', cause: `it has more than ${maxBytes} bytes` };
    pieces.push(piece.subarray(0, count));
  }
}
