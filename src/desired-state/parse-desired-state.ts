import { createHash } from 'node:crypto';
import type { DesiredService, DesiredState } from '../domain/desired-state.ts';
import type { Diagnostic } from '../domain/diagnostic.ts';
import type { Instant } from '../domain/time.ts';
import { checkWhole } from './checks/check-whole.ts';
import type { FoundResource, Whole } from './checks/whole.ts';
import { decode } from './decode.ts';
import { fieldPlacesReader } from './field-places.ts';
import { policiesOf } from './policies.ts';
import { type Problem, sortDiagnostics } from './problem.ts';
import { type FileReading, readFile } from './read-file.ts';
import { buildResource } from './resource.ts';
import type { SourceText } from './source-text.ts';

export interface ParseOptions {
  /** For `${host}`, and for files that name their `hosts`. */
  readonly host: string;
  /** Stands in front of every path inside the desired state; empty or `/` for none. */
  readonly root: string;
  /** As it is on disk: no file of a resource may lie in it. */
  readonly stateDir: string;
  /** `--set NAME=VALUE`. */
  readonly set: ReadonlyMap<string, string>;
  /** The `-f` arguments as given. */
  readonly from: readonly string[];
  /** For dates that are over, and lifetimes beyond the year 9999. */
  readonly now: Instant;
  /** Files for other hosts are passed over in silence; what they define may then be missing. Else they are an error. */
  readonly passOver?: boolean | undefined;
  /** Whether a file could not be read: then nothing is said to be missing that may stand in it. */
  readonly incomplete?: boolean | undefined;
}

export interface Parsed {
  /** Undefined if there is an error among the diagnostics. */
  readonly state: DesiredState | undefined;
  /** Every host that a file names under `hosts`, for this one or not. */
  readonly hosts: readonly string[];
  /** All of them, by file and position. */
  readonly diagnostics: readonly Diagnostic[];
  /** The text of each file that could be decoded, to which the places refer. */
  readonly texts: ReadonlyMap<string, string>;
}

/**
 * The desired state that some YAML files describe together, or everything that is wrong with them. Never throws for any bytes.
 * It judges the text alone: what depends on the host or the disk is for the plan.
 */
export function parseDesiredState(
  sources: readonly { readonly file: string; readonly bytes: Uint8Array }[],
  options: ParseOptions,
): Parsed {
  const problems: Problem[] = [];
  const report = (problem: Problem) => void problems.push(problem);
  const trimmed = { ...options, root: options.root.replace(/\/+$/, ''), stateDir: options.stateDir.replace(/(?<=.)\/+$/, '') };
  const texts: SourceText[] = [];
  const hosts = new Set<string>();
  const readings = sources.map(({ file, bytes }): FileReading | undefined => {
    const decoded = decode(file, bytes);
    if (!decoded.ok) report(decoded.problem);
    else texts.push(decoded.source);
    return decoded.ok ? readFile(decoded.source, { ...trimmed, hosts }, report) : undefined;
  });
  const files = readings.filter((reading) => reading !== undefined);
  const whole = wholeOf(files, files.length === sources.length && !options.incomplete);
  checkWhole(whole, options, report);
  const diagnostics = sortDiagnostics(
    problems,
    sources.map(({ file }) => file),
  );
  const failed = diagnostics.some(({ severity }) => severity === 'error');
  return {
    state: failed
      ? undefined
      : {
          resources: whole.resources.map(({ desired }) => desired).filter((desired) => desired !== undefined),
          services: [...whole.services.values()].map(serviceOf),
          sources: sources.map(hashedSource),
          from: options.from,
          host: options.host,
        },
    hosts: [...hosts],
    diagnostics,
    texts: new Map(texts.map(({ file, text }) => [file, text])),
  };
}

/** The hash is made when a plan asks for it: to judge a text nobody does. */
function hashedSource({ file, bytes }: { readonly file: string; readonly bytes: Uint8Array }): DesiredState['sources'][number] {
  let made: string | undefined;
  return {
    file,
    get sha256() {
      made ??= createHash('sha256').update(bytes).digest('hex');
      return made;
    },
  };
}

const kinds = { authorities: 'ca', certificates: 'cert' } as const;

function wholeOf(files: readonly FileReading[], complete: boolean): Whole {
  const windows = firstByName(files.flatMap((file) => file.windows));
  const gates = firstByName(files.flatMap((file) => file.gates));
  const policies = policiesOf(windows, gates);
  const placesOf = fieldPlacesReader();
  const resources = files.flatMap((file) =>
    file.resources.map(
      (found): FoundResource => ({
        ...found,
        address: `${kinds[found.section]}/${found.name}`,
        desired: buildResource(found, { ...policies, turn: file.variables.turn }, placesOf),
      }),
    ),
  );
  const authorities = firstByName(resources.filter(({ section }) => section === 'authorities'));
  const services = firstByName(files.flatMap((file) => file.services));
  return { files, resources, authorities, services, windows, gates, complete };
}

/** Of two with one name, which is an error, the first. */
function firstByName<Value extends { readonly name: string }>(all: readonly Value[]): ReadonlyMap<string, Value> {
  const byName = new Map<string, Value>();
  for (const value of all) if (!byName.has(value.name)) byName.set(value.name, value);
  return byName;
}

function serviceOf({ name, place, reading: { values } }: FileReading['services'][number]): DesiredService {
  return {
    name,
    place,
    systemd: values.systemd?.value,
    staticPod: values.staticPod?.value,
    user: values.user?.value,
    timeout: values.timeout?.value,
    test: values.test?.value,
    activeIf: values.activeIf?.value,
    reload: values.reload?.value,
    onTrustChange: values.onTrustChange?.value,
    after: values.after?.value.map(({ value }) => value) ?? [],
  };
}
