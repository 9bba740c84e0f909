/** What is looked for in the tokens because the parser's own answer would mislead, or because it would give none. */
import { type Problem, quoted } from './problem.ts';
import { placeAt, type SourceText } from './source-text.ts';
import { maxNesting, type Token, tooDeep } from './tokens.ts';

export interface TokenProblems {
  readonly problems: readonly Problem[];
  /** The parser may not see this text at all. */
  readonly deadly: boolean;
  /** The parser's own complaints would only repeat what is said here in better words. */
  readonly explains: boolean;
}

export function guardTokens(source: SourceText, tokens: readonly Token[]): TokenProblems {
  const deep = tooDeep(tokens);
  if (deep) {
    const place = placeAt(source, deep.offset, deep.offset + deep.source.length);
    const problem: Problem = {
      code: 'nesting-too-deep',
      place,
      message: `${source.file} is nested more than ${maxNesting} levels deep`,
      hint: 'no field of the desired state is deeper than 6',
      label: `level ${maxNesting + 1}`,
    };
    return { problems: [problem], deadly: true, explains: true };
  }
  const variables = unquotedVariables(source, tokens);
  const problems = [
    ...variables,
    ...tokens.filter(({ type }) => unwanted.has(type)).flatMap((token) => unwantedToken(source, token) ?? []),
  ];
  return { problems, deadly: false, explains: variables.length > 0 };
}

/**
 * `[${x}, 127.0.0.1]`: inside `[ ]` and `{ }` a plain `$` ends where `{` begins a map, so that the parser complains about
 * a missing comma somewhere behind.
 */
function unquotedVariables(source: SourceText, tokens: readonly Token[]): readonly Problem[] {
  return tokens.flatMap((token, index) => {
    const next = tokens[index + 1];
    if (token.type !== 'scalar' || !token.source.endsWith('$') || next?.type !== 'flow-map-start') return [];
    const rest = /^\{[^}\n]*\}?[^\s,[\]{}]*/.exec(source.text.slice(next.offset, next.offset + 256))?.[0].trimEnd() ?? '{';
    // A plain scalar may run over several lines; the word before the brace is what belongs to it.
    const word = /\S*$/.exec(token.source)?.[0] ?? '$';
    const written = word + rest;
    const start = next.offset - word.length;
    return {
      code: 'unquoted-variable' as const,
      place: placeAt(source, start, start + written.length),
      message: `the variable ${quoted(written)} is not quoted`,
      hint: `write ${quoted(written)}: inside [ ] and { } YAML takes the brace for the beginning of a map`,
      label: 'quote this',
    };
  });
}

const unwanted: ReadonlySet<Token['type']> = new Set(['alias', 'tag', 'directive-line']);

function unwantedToken(source: SourceText, token: Token): Problem | undefined {
  const place = placeAt(source, token.offset, token.offset + token.source.length);
  switch (token.type) {
    case 'alias':
      // `*.example.com`, or `*` alone; any other alias is judged on the document, where its anchor can be seen.
      return /^\*(?:\.|$)/.test(token.source)
        ? {
            code: 'unquoted-wildcard',
            place,
            message: `the wildcard ${quoted(token.source)} is not quoted`,
            hint: `write ${quoted(token.source)}: YAML takes an asterisk at the beginning for an alias`,
            label: 'quote this',
          }
        : undefined;
    case 'tag':
      return {
        code: 'custom-tag',
        place,
        message: `the tag ${quoted(token.source)} is not read here`,
        hint: 'leave it out; if it is text that begins with an exclamation mark, quote it',
        label: 'a YAML tag',
      };
    case 'directive-line':
      return /^%YAML\s+1\.2\s*$/.test(token.source)
        ? undefined
        : {
            code: 'yaml-directive',
            place,
            message: `the directive ${quoted(token.source)} is not read here`,
            hint: 'leave it out: the desired state is YAML 1.2 without tags',
            label: 'a YAML directive',
          };
    default:
      return undefined;
  }
}
