/** From text to a tree of YAML nodes that is safe to walk, every complaint about the YAML itself on the way. */
import { Composer, type CST, type Document, type Node, Parser, type YAMLParseError } from 'yaml';
import { guardNodes } from './node-guards.ts';
import { type Problem, visible } from './problem.ts';
import { placeAt, type SourceText } from './source-text.ts';
import { guardTokens } from './token-guards.ts';
import { lex } from './tokens.ts';

export interface YamlDocument {
  /** Undefined where there is nothing that can be walked. */
  readonly contents: Node | undefined;
  readonly problems: readonly Problem[];
}

/**
 * Every scalar stays the text it is written as (`failsafe`): a field's type decides what it means, so that `1.10` is never 1.1,
 * `0600` never 600 and `no` never false. Duplicate keys are found by `guardNodes`, which can show both places.
 */
const options = { version: '1.2', schema: 'failsafe', merge: false, uniqueKeys: false, prettyErrors: false, logLevel: 'silent' } as const;

export function readYaml(source: SourceText): YamlDocument {
  const { lexemes, tokens } = lex(source.text);
  const guarded = guardTokens(source, tokens);
  if (guarded.deadly) return { contents: undefined, problems: guarded.problems };
  const [document, second] = compose(lexemes, source.text.length);
  if (second) {
    const marker = tokens.findLast(({ type, offset }) => type === 'doc-start' && offset <= second.range[0]);
    const place = marker ? placeAt(source, marker.offset, marker.offset + 3) : placeAt(source, second.range[0], second.range[0]);
    const problem: Problem = {
      code: 'second-document',
      place,
      message: `${source.file} has more than one YAML document`,
      hint: 'put the second one into a file of its own',
      label: 'a second document begins here',
    };
    return { contents: undefined, problems: [...guarded.problems, problem] };
  }
  // One missing brace makes the parser complain four times: only the first of a run is worth reading.
  const first = guarded.explains ? undefined : document?.errors[0];
  const contents = document?.contents ?? undefined;
  if (first) return { contents: undefined, problems: [...guarded.problems, syntaxProblem(source, first)] };
  if (guarded.explains || !contents) return { contents: undefined, problems: guarded.problems };
  return { contents, problems: [...guarded.problems, ...guardNodes(source, contents)] };
}

function compose(lexemes: readonly string[], length: number): readonly Document.Parsed[] {
  const parser = new Parser();
  const syntaxTree: CST.Token[] = [];
  for (const lexeme of lexemes) for (const token of parser.next(lexeme)) syntaxTree.push(token);
  for (const token of parser.end()) syntaxTree.push(token);
  return [...new Composer(options).compose(syntaxTree, true, length)] as Document.Parsed[];
}

function syntaxProblem(source: SourceText, error: YAMLParseError): Problem {
  const [start, end] = error.pos;
  const message = visible(error.message.replace(/\s+/g, ' ').slice(0, 200)).replace(/[.:]$/, '');
  return {
    code: 'yaml-syntax',
    place: placeAt(source, start, Math.max(end, start + 1)),
    message: `not valid YAML: ${message.charAt(0).toLowerCase()}${message.slice(1)}`,
    hint: syntaxHints[error.code] ?? 'mend this first; what follows it was not read',
    label: 'here',
  };
}

const syntaxHints: Readonly<Partial<Record<YAMLParseError['code'], string>>> = {
  TAB_AS_INDENT: 'indent with spaces: YAML does not take tabs for indentation',
  BAD_INDENT: 'line it up with its neighbours; inside [ ] and { } check for a bracket that is missing',
  MISSING_CHAR: 'check the brackets, commas, colons and quotes before this place',
  BAD_ALIAS: 'quote text that begins with an asterisk',
  BLOCK_AS_IMPLICIT_KEY: 'check the indentation, and quote text that contains ": "',
  MULTILINE_IMPLICIT_KEY: 'check for a colon that is missing on this line or the one before it',
  UNEXPECTED_TOKEN: 'check the brackets and quotes before this place',
};
