/**
 * `${x}`: the values of a file's variables, and the text they make. A variable is text, a list (which splices where it is a
 * whole element), or null (which drops the element). `${name}` is the resource's own name, `${host}` the host's, `$${` a literal `${`.
 */
export type VariableValue = string | readonly string[] | null;

export interface Variables {
  readonly values: ReadonlyMap<string, VariableValue>;
  /** Names that other hosts of the file have a value for, and this one has not. */
  readonly elsewhere: ReadonlySet<string>;
  /** Names whose value is wrong, which has been reported where they are defined. */
  readonly broken: ReadonlySet<string>;
  /** What was used, for the complaint about what was not. */
  readonly used: Set<string>;
}

/** `name` belongs to the resource; in `defaults` it is not known yet, and its use is only noted. */
export interface Scope {
  readonly variables: Variables;
  readonly host: string;
  readonly name?: string | undefined;
  /** Told when `${name}` was asked for. */
  readonly onName?: (() => void) | undefined;
}

export const variableNamePattern = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** Names with a meaning of their own. */
export const builtInVariables = ['name', 'host'] as const;

export type Expansion =
  | { readonly kind: 'text'; readonly text: string; readonly substituted: boolean }
  | { readonly kind: 'list'; readonly items: readonly string[]; readonly variable: string }
  | { readonly kind: 'dropped' }
  | {
      readonly kind: 'failed';
      readonly reason: 'unknown' | 'broken' | 'elsewhere' | 'list-inside-text' | 'null-inside-text' | 'no-name-here' | 'malformed';
      readonly reference: string;
    };

const reference = /\$\$\{|\$\{([^}]*)(\}?)/g;

/** Replaces every `${x}` of a text. */
export function expand(text: string, scope: Scope): Expansion {
  if (!text.includes('${')) return { kind: 'text', text, substituted: false };
  const whole = /^\$\{([^}$]*)\}$/.exec(text);
  let failure: Extract<Expansion, { kind: 'failed' }> | undefined;
  if (whole) {
    const value = lookUp(whole[1] as string, scope);
    if (value === null) return { kind: 'dropped' };
    if (typeof value === 'object' && !isFailure(value)) return { kind: 'list', items: value, variable: whole[1] as string };
  }
  const expanded = text.replace(reference, (written: string, name: string | undefined, end: string | undefined) => {
    if (written === '$${') return '${';
    const value = end === '}' ? lookUp(name as string, scope) : { reason: 'malformed' as const };
    if (typeof value === 'string') return value;
    const reason = value === null ? 'null-inside-text' : isFailure(value) ? value.reason : 'list-inside-text';
    failure ??= { kind: 'failed', reason, reference: written };
    return written;
  });
  return failure ?? { kind: 'text', text: expanded, substituted: true };
}

type LookupFailure = { readonly reason: 'unknown' | 'broken' | 'elsewhere' | 'no-name-here' | 'malformed' };
const isFailure = (value: readonly string[] | LookupFailure): value is LookupFailure => !Array.isArray(value);

function lookUp(name: string, scope: Scope): VariableValue | LookupFailure {
  if (name === 'host') return scope.host;
  if (name === 'name') {
    scope.onName?.();
    return scope.name ?? { reason: 'no-name-here' };
  }
  if (!variableNamePattern.test(name)) return { reason: 'malformed' };
  scope.variables.used.add(name);
  const value = scope.variables.values.get(name);
  if (value !== undefined) return value;
  if (scope.variables.broken.has(name)) return { reason: 'broken' };
  return { reason: scope.variables.elsewhere.has(name) ? 'elsewhere' : 'unknown' };
}
