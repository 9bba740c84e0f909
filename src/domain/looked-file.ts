/** What one look at a path shows, whatever the file should be: public facts, so that a look may be written down and sent. */
import type { ReadProblem } from './codes.ts';
import type { KeyFacts } from './keys.ts';
import type { FileStatus } from './observed-state.ts';

/** Why what is in a file cannot be used; a cause never quotes the content. */
export interface Fault {
  readonly problem: ReadProblem;
  readonly cause: string;
}

export type ReadKey = ({ readonly ok: false } & Fault) | { readonly ok: true; readonly facts: KeyFacts };

/** One block of a PEM file: a certificate as it is, of a private key what may be known of it, of anything else its name as people say it. */
export type FilePart =
  | { readonly kind: 'certificate'; readonly der: Uint8Array }
  /** `key` is null where there are several in one file: then none of them counts, whatever it is. */
  | { readonly kind: 'key'; readonly name: string; readonly key: ReadKey | null }
  | { readonly kind: 'other'; readonly name: string };

/** The parts in the order of the file, parameters left out; or why there are none. */
export type FileParts = { readonly ok: true; readonly parts: readonly FilePart[] } | ({ readonly ok: false } & Fault);

export type LookedFile =
  /** Certainly absent; `missingFrom` as in `ObservedFile`. */
  | { readonly state: 'absent'; readonly missingFrom?: string | undefined }
  | ({ readonly state: 'refused'; readonly status?: FileStatus | undefined } & Fault)
  /** `sha256` of the whole content; absent where that was not handed on. */
  | { readonly state: 'read'; readonly status: FileStatus; readonly sha256?: string | undefined; readonly holds: FileParts };

/** Whether the file is certificates and nothing else: of any other, no hash over its content leaves the process. */
export const holdsOnlyCertificates = (holds: FileParts): boolean => holds.ok && holds.parts.every(({ kind }) => kind === 'certificate');
