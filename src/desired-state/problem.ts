/** How this room raises a diagnostic: the sentence stands beside the check, the severity comes from the table of codes. */
import { codes, type InputCode } from '../domain/codes.ts';
import type { Diagnostic, Label, Place } from '../domain/diagnostic.ts';
import { nearest } from '../domain/names.ts';

export interface Problem {
  readonly code: InputCode;
  readonly place: Place | undefined;
  readonly message: string;
  readonly hint: string;
  readonly label?: string | undefined;
  readonly related?: readonly Label[] | undefined;
  readonly notes?: readonly string[] | undefined;
  readonly address?: string | undefined;
}

export type Report = (problem: Problem) => void;

export const diagnosticOf = (problem: Problem): Diagnostic => ({ severity: codes[problem.code].severity, ...problem });

/** All that was reported, each once, in the order of the files and within a file by position; what has no place comes last. */
export function sortDiagnostics(problems: readonly Problem[], files: readonly string[]): readonly Diagnostic[] {
  const fileOrder = new Map(files.map((file, index) => [file, index]));
  const seen = new Set<string>();
  const rank = ({ place }: Problem): readonly number[] =>
    place ? [fileOrder.get(place.file) ?? files.length, place.line, place.column] : [files.length + 1, 0, 0];
  return problems
    .filter(({ code, place, message }) => {
      const key = `${code} ${place?.file}:${place?.line}:${place?.column} ${message}`;
      return !seen.has(key) && seen.add(key);
    })
    .map((problem) => ({ problem, rank: rank(problem) }))
    .sort((left, right) => left.rank.reduce((order, value, index) => order || value - (right.rank[index] as number), 0))
    .map(({ problem }) => diagnosticOf(problem));
}

/** `did you mean "etcd"?`, or undefined where no candidate is near. */
export function didYouMean(word: string, candidates: Iterable<string>): string | undefined {
  const candidate = nearest(word, candidates);
  return candidate === undefined ? undefined : `did you mean "${candidate}"?`;
}

/** `a, b and c`; of a long list the first eight. */
export function listed(words: readonly string[], conjunction = 'and'): string {
  if (words.length === 0) return 'none';
  const shown = words.length > 9 ? [...words.slice(0, 8), `${words.length - 8} more`] : words;
  return shown.length === 1 ? (shown[0] as string) : `${shown.slice(0, -1).join(', ')} ${conjunction} ${shown.at(-1)}`;
}

/** A stretch of somebody else's text as a message may quote it: shortened, what cannot be seen spelled out. */
export const quoted = (text: string): string =>
  `"${visible(text.length > 60 ? `${[...text.slice(0, 120)].slice(0, 57).join('')}…` : text)}"`;

/** Controls, and characters that make a text look like another one: bidirectional overrides, zero width, halves of a surrogate pair. */
export const hiddenCharacters = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]|\p{Surrogate}/u;

const everyHidden = new RegExp(hiddenCharacters, 'gu');

/** Text in which these are spelled out. */
export const visible = (text: string): string => text.replace(everyHidden, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
