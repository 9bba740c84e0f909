/** `plan -o FILE`: where a plan may be written. A mistyped path must not cost a key, a certificate, or anything else that is not a saved plan. */

import { posix } from 'node:path';
import type { Diagnostic } from '../domain/diagnostic.ts';
import { largestSavedPlan, looksLikeSavedPlan } from '../formats/saved-plan.ts';
import type { FileReader } from '../ports/file-reader.ts';
import type { Scope } from '../reconcile/environment.ts';
import type { PlanPass } from '../reconcile/plan-pass.ts';
import { jsonText } from '../report/json-text.ts';
import type { PlanJson } from '../report/plan-json.ts';
import { realPlaceOf } from './real-place.ts';
import { writeReport } from './report-file.ts';
import type { Run } from './run.ts';

/** Nothing secret is in it, and yet it says where keys are: for its owner. */
const mode = 0o600;

/** Writes the document, whole or not at all; or says why not. */
export function savePlan(
  run: Run,
  file: string,
  document: PlanJson,
  { pass, scope }: { pass: PlanPass; scope: Scope },
): Diagnostic | undefined {
  const { outside, workingFolder } = run;
  const path = posix.resolve(workingFolder, file);
  const refusal = whyNotWritten(outside.reader, path, { pass, scope, workingFolder });
  if (refusal !== undefined) return outputRefused(file, refusal);
  const problem = writeReport(outside.writer, path, jsonText(document), mode);
  return problem && { ...problem, message: `the plan cannot be saved to ${file}` };
}

interface Taken {
  readonly pass: PlanPass;
  readonly scope: Scope;
  readonly workingFolder: string;
}

/** Half a sentence about the path; undefined where a plan may be written there. */
function whyNotWritten(reader: FileReader, path: string, taken: Taken): string | undefined {
  const real = realPlaceOf(reader, path);
  const { stateFolder } = taken.scope;
  if (`${real}/`.startsWith(`${realPlaceOf(reader, stateFolder)}/`)) return 'it is in the state directory';
  const owner = ownerOf(reader, real, taken);
  if (owner !== undefined) return `it is the place of ${owner}`;
  const reading = reader.read(path, { maxBytes: largestSavedPlan });
  if (reading.state === 'absent') return undefined;
  if (reading.state === 'refused') return reading.problem === 'too-large' ? 'something else than a saved plan is there' : reading.cause;
  return reading.bytes.length === 0 || looksLikeSavedPlan(reading.bytes) ? undefined : 'something else than a saved plan is there';
}

/** What of the desired state belongs there, as it is called. */
function ownerOf(reader: FileReader, real: string, { pass: { desired }, workingFolder }: Taken): string | undefined {
  const isHere = (path: string) => posix.basename(path) === posix.basename(real) && realPlaceOf(reader, path) === real;
  for (const resource of desired.resources) {
    const files = resource.fileSets.flatMap(({ files: ofSet }) => ofSet.map(({ path }) => path));
    const provided = resource.kind === 'ca' && resource.provided ? [resource.provided.certificate, resource.provided.privateKey] : [];
    if ([...files, ...provided].some((path) => path !== undefined && isHere(path))) return `a file of ${resource.address}`;
  }
  return desired.sources.some(({ file }) => isHere(posix.resolve(workingFolder, file))) ? 'a file of the desired state' : undefined;
}

const outputRefused = (file: string, why: string): Diagnostic => ({
  code: 'output-refused',
  severity: 'error',
  message: `the plan is not saved to ${file}: ${why}`,
  hint: 'name another file with -o',
});
