/** One file: its variables, its defaults, and what it says about each resource and service. */
import { isMap, type Node } from 'yaml';
import type { Place } from '../domain/diagnostic.ts';
import type { Fields as AnyFields, Context, Located, Reading } from './field.ts';
import { gateType, type ResourceReading, resourceType, serviceType, windowType } from './fields.ts';
import { mergeDefaults } from './merge-defaults.ts';
import { namedEntries, type ObjectType } from './object-type.ts';
import type { Problem, Report } from './problem.ts';
import { type FileOptions, type FileVariables, isNothing, readVariables } from './read-variables.ts';
import type { ResourceSection } from './row.ts';
import { placeAt, type SourceText } from './source-text.ts';
import { defaultsType, topType } from './top-fields.ts';
import { readYaml } from './yaml-document.ts';

export interface Found<What> {
  readonly name: string;
  /** Its key in the YAML. */
  readonly place: Place;
  readonly reading: What;
  /** Reports with the resource's address. */
  readonly report: Report;
}

export interface FileReading {
  readonly source: SourceText;
  /** In the order of the YAML. */
  readonly resources: readonly (Found<ResourceReading> & { readonly section: ResourceSection })[];
  readonly services: readonly Found<Reading<typeof serviceType.fields>>[];
  readonly windows: readonly Found<Reading<typeof windowType.fields>>[];
  readonly gates: readonly Found<Reading<typeof gateType.fields>>[];
  readonly variables: FileVariables;
  readonly usedVariables: ReadonlySet<string>;
}

/** Undefined where the file is no YAML, or not for this host: then nothing can be said about what other files name. */
export function readFile(source: SourceText, options: FileOptions, report: Report): FileReading | undefined {
  const { contents, problems } = readYaml(source);
  problems.forEach(report);
  if (!contents) return undefined;
  const used = new Set<string>();
  const contextWith = (variables: Pick<FileVariables, 'values' | 'elsewhere' | 'broken'>): Context => ({
    ...options,
    source,
    report,
    scope: { host: options.host, variables: { ...variables, used } },
  });
  const bare = contextWith({ values: new Map(), elsewhere: new Set(), broken: new Set() });
  const firstKey = isMap(contents) ? ((contents.items[0]?.key ?? contents) as Node) : contents;
  const [start, end] = firstKey.range ?? [0, 0];
  const top = topType.read(contents, { path: '', key: placeAt(source, start, end) }, bare);
  if (!top) return undefined;
  const { version: _version, ...sections } = top.values;
  const variables = readVariables(
    { variables: sections.variables?.value, hosts: sections.hosts?.value, hostsKey: sections.hosts?.place },
    options,
    bare,
  );
  if (!variables.forHost) return undefined;
  const context = contextWith(variables);
  const defaults =
    sections.defaults && !isNothing(sections.defaults.value)
      ? defaultsType.read(sections.defaults.value, { path: 'defaults', key: sections.defaults.place }, context)?.values
      : undefined;
  const resourcesOf = (section: ResourceSection) => {
    const defaultsFor = defaultsReader(section, defaults?.[section], context);
    const found = sections[section];
    return found ? readResources(section, found.value, found.place, context, defaultsFor) : [];
  };
  const resources = [...resourcesOf('authorities'), ...resourcesOf('certificates')].sort(
    (left, right) => left.place.line - right.place.line || left.place.column - right.place.column,
  );
  const services = readNamed('services', serviceType, sections.services, context);
  const windows = readNamed('windows', windowType, sections.windows, context);
  const gates = readNamed('gates', gateType, sections.gates, context);
  return { source, resources, services, windows, gates, variables, usedVariables: used };
}

type DefaultsFor = (name: string) => ResourceReading | undefined;

/** Defaults that use `${name}` are read again for each resource; all others once. */
function defaultsReader(
  section: ResourceSection,
  found: { readonly value: Node; readonly place: Place } | undefined,
  context: Context,
): DefaultsFor {
  if (!found || isNothing(found.value)) return () => undefined;
  const type = resourceType(section, 'defaults');
  const spot = { path: `defaults.${section}`, key: found.place };
  let usesName = false;
  let wrong = false;
  const onName = () => {
    usesName = true;
  };
  const report = (problem: Problem) => {
    wrong = true;
    context.report(problem);
  };
  const once = type.read(found.value, spot, { ...context, report, scope: { ...context.scope, name: 'name', onName } });
  const shared = once && { ...once, given: new Set(Object.keys(once.values)) };
  if (!usesName) return () => shared;
  // What is wrong with them has been said.
  const rest: Context = wrong ? { ...context, report: () => {} } : context;
  return (name) => type.read(found.value, spot, { ...rest, scope: { ...rest.scope, name } });
}

const kinds = { authorities: 'ca', certificates: 'cert' } as const;

function readResources(
  section: ResourceSection,
  node: Node,
  key: Place,
  context: Context,
  defaultsFor: DefaultsFor,
): FileReading['resources'] {
  const type = resourceType(section, 'resource');
  return namedEntries(node, { path: section, key }, context).flatMap(({ name, place, value }) => {
    const address = `${kinds[section]}/${name}`;
    const inner: Context = { ...context, address, scope: { ...context.scope, name } };
    const reading = value && type.read(value, { path: '', key: place }, inner);
    const report: Report = (problem) => context.report({ address, ...problem });
    return reading ? [{ section, name, place, report, reading: mergeDefaults(reading, defaultsFor(name)) }] : [];
  });
}

const namedKinds = { services: 'service', windows: 'window', gates: 'gate' } as const;

function readNamed<Fields extends AnyFields>(
  section: keyof typeof namedKinds,
  type: ObjectType<Fields>,
  found: Located<Node> | undefined,
  context: Context,
): readonly Found<Reading<Fields>>[] {
  if (!found) return [];
  return namedEntries(found.value, { path: section, key: found.place }, context).flatMap(({ name, place, value }) => {
    const address = `${namedKinds[section]}/${name}`;
    const reading = value && type.read(value, { path: '', key: place }, { ...context, address });
    return reading ? [{ name, place, reading, report: (problem: Problem) => context.report({ address, ...problem }) }] : [];
  });
}
