/** The variables of one file for one host: `--set` before the host's own before the file's. */
import { isMap, isScalar, isSeq, type Node } from 'yaml';
import type { HostTurn } from '../domain/desired-state.ts';
import type { Place } from '../domain/diagnostic.ts';
import { isText } from './basic-types.ts';
import type { Context, Spot } from './field.ts';
import { entriesOf, notAMap } from './object-type.ts';
import { didYouMean, listed, quoted, visible } from './problem.ts';
import { atOf, placeOfNode, readScalars, writtenAs } from './scalar-type.ts';
import { hostPattern } from './top-fields.ts';
import { builtInVariables, type VariableValue, variableNamePattern } from './variables.ts';

export interface FileVariables {
  readonly values: ReadonlyMap<string, VariableValue>;
  readonly elsewhere: ReadonlySet<string>;
  /** Names whose value is wrong. */
  readonly broken: ReadonlySet<string>;
  /** Where each is defined first, for the complaint about one that is not used. */
  readonly defined: ReadonlyMap<string, Place>;
  /** Whether the file is for this host. */
  readonly forHost: boolean;
  /** Absent where the file names no hosts. */
  readonly turn?: HostTurn | undefined;
}

/** What a file is read for. */
export interface FileOptions {
  readonly host: string;
  readonly root: string;
  readonly stateDir: string;
  readonly set: ReadonlyMap<string, string>;
  readonly now: Context['now'];
  readonly passOver?: boolean | undefined;
  /** Takes the hosts that the file names. */
  readonly hosts: Set<string>;
}

/** Variables may use those that stand above them, `${host}`, and nothing else. */
export function readVariables(
  sections: { readonly variables?: Node | undefined; readonly hosts?: Node | undefined; readonly hostsKey?: Place | undefined },
  { set, passOver, hosts: named }: Pick<FileOptions, 'set' | 'passOver' | 'hosts'>,
  context: Context,
): FileVariables {
  const defined = new Map<string, Place>();
  const values = new Map<string, VariableValue>(set);
  const inner = (): Context => ({
    ...context,
    scope: { ...context.scope, variables: { values, elsewhere: new Set(), broken, used: context.scope.variables.used } },
  });
  const hosts = readHosts(sections.hosts, context);
  for (const host of hosts?.keys() ?? []) named.add(host);
  const own = hosts?.get(context.scope.host);
  const elsewhere = new Set<string>();
  const broken = new Set<string>();
  const take = (node: Node | undefined, path: string, overridden: ReadonlySet<string>, use: boolean): void => {
    for (const { name, place, value } of mapEntries(node, { path, key: place0(context) }, context)) {
      if (!isVariableName(name, place, context)) continue;
      if (!defined.has(name)) defined.set(name, place);
      const found = value && readValue(value, { path: `${path}.${name}`, key: place }, inner());
      if (!use) elsewhere.add(name);
      else if (overridden.has(name)) continue;
      else if (found === undefined) broken.add(name);
      else values.set(name, found);
    }
  };
  const ownNames = new Set(mapEntries(own, { path: '', key: place0(context) }, { ...context, report: () => {} }).map(({ name }) => name));
  // The host's values first, so that a variable of the file may use one; then the file's, save those that the host has replaced.
  take(own, `hosts.${context.scope.host}`, new Set(set.keys()), true);
  take(sections.variables, 'variables', new Set([...set.keys(), ...ownNames]), true);
  for (const [host, node] of hosts ?? []) if (host !== context.scope.host) take(node, `hosts.${host}`, new Set(), false);
  const forHost = hosts === undefined || hosts.has(context.scope.host);
  if (!forHost && !passOver && sections.hostsKey) reportUnknownHost([...(hosts?.keys() ?? [])], sections.hostsKey, context);
  return { values, elsewhere, broken, defined, forHost, turn: hosts && turnAmong([...hosts.keys()], context.scope.host) };
}

/** By name, so that it does not matter where in the file a host is named. */
const turnAmong = (hosts: readonly string[], host: string): HostTurn => ({ index: hosts.toSorted().indexOf(host), of: hosts.length });

function readHosts(node: Node | undefined, context: Context): ReadonlyMap<string, Node | undefined> | undefined {
  if (!node || isNothing(node)) return undefined;
  const entries = mapEntries(node, { path: 'hosts', key: placeOfNode(node, { path: 'hosts', key: place0(context) }, context) }, context);
  return new Map(
    entries.flatMap(({ name, place, value }): readonly [string, Node | undefined][] => {
      if (hostPattern.test(name)) return [[name, value && !isNothing(value) ? value : undefined]];
      context.report({
        code: 'invalid-name',
        place,
        message: `${quoted(name)} is not the name of a host`,
        hint: 'use letters, digits, dots and hyphens',
        label: 'not a host name',
      });
      return [];
    }),
  );
}

function reportUnknownHost(hosts: readonly string[], place: Place, context: Context): void {
  const { host } = context.scope;
  context.report({
    code: 'unknown-host',
    place,
    message: `this file is not for the host ${quoted(host)}`,
    hint:
      hosts.length === 0
        ? 'name the hosts it is for, or remove the section: then it is for any'
        : `use --host with ${listed(hosts, 'or')}, or add ${visible(host)}: {} here`,
    label: didYouMean(host, hosts) ?? `${visible(host)} is not among these`,
  });
}

/** A section that has a key and nothing behind it, as when all of its entries are commented out. */
export const isNothing = (node: Node): boolean => isScalar(node) && node.type === 'PLAIN' && writtenAs(node.source ?? '') === 'null';

const place0 = (context: Context): Place => ({ file: context.source.file, line: 1, column: 1, endLine: 1, endColumn: 1 });

function mapEntries(node: Node | undefined, spot: Spot, context: Context) {
  if (!node || isNothing(node)) return [];
  if (isMap(node)) return entriesOf(node, context);
  notAMap(node, spot, context);
  return [];
}

function isVariableName(name: string, place: Place, context: Context): boolean {
  const builtIn = (builtInVariables as readonly string[]).includes(name);
  if (!builtIn && variableNamePattern.test(name)) return true;
  context.report({
    code: 'invalid-name',
    place,
    message: builtIn ? `the variable ${name} has a meaning of its own` : `${quoted(name)} is not the name of a variable`,
    hint: 'use letters, digits and underscores, not beginning with a digit; not name, not host',
    label: 'not a variable name',
  });
  return false;
}

function readValue(node: Node, spot: Spot, context: Context): VariableValue | undefined {
  if (isNothing(node)) return null;
  const textsOf = (element: Node): readonly string[] | undefined => {
    const scalars = isNothing(element) ? [] : readScalars(element, spot, context);
    return scalars?.flatMap((scalar) => (isText(scalar, atOf(scalar.place, spot, context)) ? scalar.text : []));
  };
  if (isSeq(node)) return (node.items as Node[]).flatMap((item) => textsOf(item) ?? []);
  const texts = textsOf(node);
  if (!texts) return undefined;
  return texts.length === 1 ? texts[0] : texts.length === 0 ? null : texts;
}
