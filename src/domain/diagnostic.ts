/** A problem has a code, a sentence, a hint and a place. Expected failures are returned, all of them; bugs are thrown. */
import type { Code } from './codes.ts';

/** A stretch of a text file. Lines and columns count from 1, columns in UTF-16 units (as editors and SARIF count). */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export interface Label {
  readonly message: string;
  readonly place: Place;
}

export interface Diagnostic {
  readonly code: Code;
  readonly severity: 'error' | 'warning' | 'notice';
  /** What is wrong, one sentence without a full stop, naming the thing. */
  readonly message: string;
  /** What to do about it. */
  readonly hint: string;
  /** The resource it concerns, where it concerns one: `cert/etcd-server`. */
  readonly address?: string | undefined;
  readonly place?: Place | undefined;
  /** The file on the host in which it was seen. */
  readonly file?: string | undefined;
  /** What stands under the carets of the frame. */
  readonly label?: string | undefined;
  readonly related?: readonly Label[] | undefined;
  /** Further facts: the errno in words, what was left untouched. */
  readonly notes?: readonly string[] | undefined;
}

export type Result<Value> =
  | { readonly ok: true; readonly value: Value; readonly warnings: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly [Diagnostic, ...Diagnostic[]] };
