/**
 * The text as YAML tokens, judged before anything recursive sees it. A 10 kB document of 5,000 nested brackets aborts the
 * process when it is parsed a second time (measured, yaml 2.9), which no `catch` can prevent; the lexer itself only loops.
 */
import { CST, Lexer } from 'yaml';

export interface Token {
  readonly type: CST.TokenType | 'error';
  readonly source: string;
  readonly offset: number;
}

/** Marks that the lexer puts between the tokens; they stand for no text. */
const marks: ReadonlySet<string> = new Set(['doc-mode', 'flow-error-end', 'scalar']);

export interface Lexed {
  /** As the parser wants them. */
  readonly lexemes: readonly string[];
  readonly tokens: readonly Token[];
}

export function lex(text: string): Lexed {
  const lexemes: string[] = [];
  const tokens: Token[] = [];
  let offset = 0;
  let scalarNext = false;
  for (const lexeme of new Lexer().lex(text)) {
    lexemes.push(lexeme);
    const type: CST.TokenType | null = scalarNext ? 'scalar' : CST.tokenType(lexeme);
    if (!scalarNext && type !== null && marks.has(type)) {
      scalarNext = type === 'scalar';
      continue;
    }
    scalarNext = false;
    tokens.push({ type: type ?? 'error', source: lexeme, offset });
    offset += lexeme.length;
  }
  return { lexemes, tokens };
}

export const maxNesting = 64;

const opening: ReadonlySet<string> = new Set(['flow-map-start', 'flow-seq-start']);
const closing: ReadonlySet<string> = new Set(['flow-map-end', 'flow-seq-end']);
const indicators: ReadonlySet<string> = new Set(['seq-item-ind', 'explicit-key-ind', 'map-value-ind']);
const silent: ReadonlySet<string> = new Set(['space', 'comment', 'tag', 'anchor', 'byte-order-mark']);

/**
 * The first token that stands deeper than 64 collections, or undefined. Block collections are counted by the columns at which
 * something begins on a line, before or after `-` and `?`: never fewer than there are, bar a list at the column of its key.
 */
export function tooDeep(tokens: readonly Token[]): Token | undefined {
  const columns: number[] = [];
  let flow = 0;
  let column = 0;
  let leading = true;
  for (const token of tokens) {
    if (token.type === 'newline') {
      [column, leading] = [0, true];
      continue;
    }
    if (leading && flow === 0 && !silent.has(token.type)) {
      while (columns.length > 0 && (columns.at(-1) as number) >= column) columns.pop();
      columns.push(column);
      leading = indicators.has(token.type);
    }
    if (opening.has(token.type)) flow += 1;
    else if (closing.has(token.type)) flow = Math.max(0, flow - 1);
    if (columns.length + flow > maxNesting) return token;
    const lineEnd = token.source.lastIndexOf('\n');
    if (lineEnd < 0) column += token.source.length;
    else [column, leading] = [token.source.length - lineEnd - 1, token.source.endsWith('\n')];
  }
  return undefined;
}
