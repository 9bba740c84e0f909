import { createHash } from 'node:crypto';
import type { DesiredResource, DesiredService, DesiredState } from '../domain/desired-state.ts';
import type { Diagnostic } from '../domain/diagnostic.ts';
import type { Instant } from '../domain/time.ts';
import { decode } from './decode.ts';
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
}

export interface Parsed {
  /** Undefined if there is an error among the diagnostics. */
  readonly state: DesiredState | undefined;
  /** All of them, by file and position. */
  readonly diagnostics: readonly Diagnostic[];
  /** The text of each file that could be decoded, to which the places refer. */
  readonly texts: ReadonlyMap<string, string>;
}

/**
 * The desired state that some YAML files describe together, or everything that is wrong with them. Never throws for any bytes.
 * It judges the text alone: what depends on the host or the disk is for the plan.
 */
export function parseDesiredState(sources: readonly { readonly file: string; readonly bytes: Uint8Array }[], options: ParseOptions): Parsed {
  const problems: Problem[] = [];
  const report = (problem: Problem) => void problems.push(problem);
  const trimmed = { ...options, root: options.root.replace(/\/+$/, ''), stateDir: options.stateDir.replace(/(?<=.)\/+$/, '') };
  const texts: SourceText[] = [];
  const readings = sources.map(({ file, bytes }): FileReading | undefined => {
    const decoded = decode(file, bytes);
    if (!decoded.ok) report(decoded.problem);
    else texts.push(decoded.source);
    return decoded.ok ? readFile(decoded.source, trimmed, report) : undefined;
  });
  const files = readings.filter((reading) => reading !== undefined);
  const resources = files.flatMap((file) => file.resources.map(({ section, name, place, reading }) => buildResource(section, name, place, reading)));
  const diagnostics = sortDiagnostics(problems, sources.map(({ file }) => file));
  const failed = diagnostics.some(({ severity }) => severity === 'error');
  return {
    state: failed
      ? undefined
      : {
          resources: resources.filter((resource): resource is DesiredResource => resource !== undefined),
          services: files.flatMap((file) => file.services.map(serviceOf)),
          sources: sources.map(({ file, bytes }) => ({ file, sha256: createHash('sha256').update(bytes).digest('hex') })),
          from: options.from,
          host: options.host,
        },
    diagnostics,
    texts: new Map(texts.map(({ file, text }) => [file, text])),
  };
}

function serviceOf({ name, place, reading: { values } }: FileReading['services'][number]): DesiredService {
  return { name, place, activeIf: values.activeIf?.value, reload: values.reload?.value, onTrustChange: values.onTrustChange?.value, after: values.after?.value.map(({ value }) => value) ?? [] };
}
