import { validateByFolder, validateTogether } from '../reconcile/validate-files.ts';
import { diagnosticProblems } from '../report/diagnostic-problems.ts';
import { othersValid, validText } from '../report/valid-text.ts';
import { diagnosticsJson } from '../report/validate-json.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { refuse, warn } from './refusals.ts';
import { report } from './reports.ts';
import type { Run } from './run.ts';
import { nowOf, scopeOf } from './scope.ts';
import { tool } from './tool.ts';
import { UsageError } from './usage-error.ts';

/** `certstate validate [FILE...]`: judges the text of the desired state; no key and no certificate is looked at. */
export async function validateTexts(run: Run, named: readonly string[]): Promise<ExitCode> {
  if (named.length > 0 && run.options.file)
    throw new UsageError('files are named with -f and without it', 'leave -f out to have the files judged folder by folder');
  const validate = named.length > 0 ? validateByFolder : validateTogether;
  const request = { ...scopeOf(run, named.length > 0 ? named : run.options.file), ...run.outside, now: nowOf(run) };
  const { found, diagnostics, texts } = validate(request, run.options.host === undefined);
  const files = [...texts.keys()];
  if (!found) {
    const wrong = new Set(diagnostics.filter(({ severity }) => severity === 'error').flatMap(({ place }) => place?.file ?? []));
    return refuse(
      run,
      diagnostics,
      texts,
      wrong.size < files.length ? othersValid(files.length, wrong.size) : 'nothing else was looked at',
    );
  }
  warn(run, diagnostics, texts);
  return report(run, {
    exit: exitCodes.ok,
    evaluatedAt: request.now,
    from: request.paths,
    text: () => validText({ files, ...found }),
    json: () => diagnosticsJson(diagnostics, { tool, files, resources: found.resources.length }),
    found: () => ({
      problems: diagnosticProblems(diagnostics),
      resources: found.resources.map(({ address, place }) => ({ address, place })),
      texts,
    }),
  });
}
