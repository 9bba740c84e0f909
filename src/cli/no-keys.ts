import { nodePieceReader } from '../node/node-piece-reader.ts';
import { findPrivateKeys } from '../reconcile/find-private-keys.ts';
import { diagnosticProblems } from '../report/diagnostic-problems.ts';
import { diagnosticText } from '../report/diagnostic-text.ts';
import { keylessText } from '../report/valid-text.ts';
import { diagnosticsJson } from '../report/validate-json.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { report } from './reports.ts';
import type { Run } from './run.ts';
import { tool } from './tool.ts';
import { UsageError } from './usage-error.ts';

/** `certstate validate --no-keys FILE...`: exit code 65 if one of the files holds a private key. YAML is not even loaded. */
export function refuseKeys(run: Run, paths: readonly string[]): Promise<ExitCode> {
  if (paths.length === 0)
    throw new UsageError(
      '--no-keys needs the files to look into',
      'all that git knows: git ls-files -z | xargs -0 certstate validate --no-keys --',
    );
  const { files, diagnostics } = findPrivateKeys(paths, run.outside.reader, nodePieceReader);
  const found = diagnostics.length > 0;
  // Without the texts there are no frames: they would show the line with the key.
  const texts: ReadonlyMap<string, string> = new Map();
  return report(run, {
    exit: found ? exitCodes.config : exitCodes.ok,
    evaluatedAt: run.outside.clock.now(),
    from: paths,
    text: (style) =>
      found ? diagnosticText(diagnostics, { style, texts, consequence: 'nothing else was looked for' }) : keylessText(files.length),
    stream: found ? 'err' : 'out',
    json: () => diagnosticsJson(diagnostics, { tool, files, resources: null }),
    found: () => ({ problems: diagnosticProblems(diagnostics), resources: [], texts }),
  });
}
