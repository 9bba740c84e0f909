import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, resolve } from 'node:path';

export interface Import {
  /** As written: `../domain/plan.ts`, `yaml`, `node:fs`. */
  readonly specifier: string;
  /** The file of `src/` it names; undefined for a package. */
  readonly target: string | undefined;
  /** `type`: gone when compiled; `lazy`: an `import()` inside a function; `static`: loaded together with the file. */
  readonly kind: 'static' | 'lazy' | 'type';
}

export interface SourceFile {
  /** From `src/` on: `plan/make-plan.ts`. */
  readonly path: string;
  readonly room: string;
  /** Without comments, so that a word in a comment is no finding; the contents of strings stay. */
  readonly code: string;
  readonly text: string;
  readonly imports: readonly Import[];
}

export const repository = resolve(import.meta.dirname, '../..');

/** All TypeScript files below a folder of the repository, sorted. */
export function typescriptFiles(folder: string): readonly string[] {
  return readdirSync(join(repository, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(join(repository, folder), join(entry.parentPath, entry.name)))
    .sort();
}

export function readSourceTree(): readonly SourceFile[] {
  return typescriptFiles('src').map((path) => {
    const text = readFileSync(join(repository, 'src', path), 'utf8');
    return parseSourceFile(path, text);
  });
}

/** The imports of one file. The formatter has brought them into one form, so patterns are enough; a form they do not know throws. */
export function parseSourceFile(path: string, text: string): SourceFile {
  const code = withoutComments(text);
  const imports = [
    ...[...code.matchAll(/^(?:import|export)\s([^;'"]*?)\sfrom '([^']+)';$/gm)].map((match) =>
      found(path, match[2], kindOf(match[1] ?? '')),
    ),
    ...[...code.matchAll(/^import '([^']+)';$/gm)].map((match) => found(path, match[1], 'static')),
    ...[...code.matchAll(/\bimport\('([^']+)'\)(\.)?/g)].map((match) => found(path, match[1], match[2] === '.' ? 'type' : 'lazy')),
  ];
  // A dot after the bracket is a type, `import('…').Name`; every other word of importing must have been understood.
  const words = [...code.matchAll(/^import\s|^export\s(?:\*|(?:type )?\{)[^;]*?\sfrom\s|\bimport\(/gm)].length;
  if (words !== imports.length) throw new Error(`src/${path}: ${words} imports, of which ${imports.length} were understood`);
  return { path, room: path.split('/')[0] ?? '', code, text, imports };
}

function found(path: string, specifier: string | undefined, kind: Import['kind']): Import {
  if (specifier === undefined) throw new Error(`src/${path}: an import without a name`);
  const target = specifier.startsWith('.') ? posix.normalize(posix.join(dirname(path), specifier)) : undefined;
  return { specifier, target, kind };
}

/** `type X`, `type { X }` and `{ type X, type Y }` are gone when compiled. */
function kindOf(names: string): Import['kind'] {
  if (names.startsWith('type ')) return 'type';
  const named = /^\{([\s\S]*)\}$/.exec(names.trim())?.[1];
  const each = named
    ?.split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return each !== undefined && each.length > 0 && each.every((name) => name.startsWith('type ')) ? 'type' : 'static';
}

/** Blanks comments out. Strings, templates and regular expressions are stepped over, so that `//` in an address starts none. */
export function withoutComments(text: string): string {
  const tokens =
    /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\[\s\S])*`|\/\/[^\n]*|\/\*[\s\S]*?\*\/|(?<=[=(,:!&|?;{[\n]\s*)\/(?![*/])(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/g;
  return text.replace(tokens, (token) => (token.startsWith('//') || token.startsWith('/*') ? token.replace(/[^\n]/g, ' ') : token));
}
