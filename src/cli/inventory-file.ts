/** `--inventory FILE`: what was seen of another host, in the place of this one. */

import { posix } from 'node:path';
import type { Diagnostic } from '../domain/diagnostic.ts';
import type { Inventory } from '../domain/inventory.ts';
import { readInventory } from '../formats/read-inventory.ts';
import type { Scope } from '../reconcile/environment.ts';
import { diagnosticText } from '../report/diagnostic-text.ts';
import { jsonText } from '../report/json-text.ts';
import { diagnosticsJson } from '../report/validate-json.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { givenName, readGivenFile } from './given-file.ts';
import type { Run } from './run.ts';
import { tool } from './tool.ts';
import { UsageError } from './usage-error.ts';

/** That of ten thousand resources takes about 25 MB. */
const maxBytes = 256 * 1024 * 1024;

/** Undefined where none was named; an exit code where it cannot be used, which has been said then. */
export function inventoryOf(run: Run): { readonly inventory: Inventory } | { readonly exit: ExitCode } | undefined {
  const file = run.options.inventory;
  if (file === undefined) return undefined;
  const reading = readGivenFile(run, file, maxBytes);
  const name = givenName(file);
  if (reading.state === 'absent') return { exit: sayUnusable(run, unusable(`there is no file ${file}`)) };
  if (reading.state === 'refused') return { exit: sayUnusable(run, unusable(`${name} cannot be read: ${reading.cause}`)) };
  const read = readInventory(reading.bytes);
  if (read.ok) return { inventory: read.value };
  const [first, ...more] = read.faults.map(({ at, message }) => `${at} ${message}`);
  const shown = more.slice(0, mostShown);
  const left = more.length - shown.length;
  return {
    exit: sayUnusable(run, {
      ...unusable(`${name} is no inventory that can be used: ${first}`),
      notes: [...shown, ...(left > 0 ? [`and ${left} more`] : [])],
    }),
  };
}

const mostShown = 8;

const unusable = (message: string): Diagnostic => ({
  code: 'inventory-unusable',
  severity: 'error',
  message,
  hint: 'take it on the host: certstate status --json > inventory.json',
});

function sayUnusable({ options, terminal }: Run, diagnostic: Diagnostic): ExitCode {
  const diagnostics = [diagnostic];
  if (options.json) terminal.out(jsonText(diagnosticsJson(diagnostics, { tool, files: [], resources: null })));
  else terminal.err(diagnosticText(diagnostics, { style: terminal.errStyle, texts: new Map() }));
  return exitCodes.error;
}

/** The host's own place in everything: its name, its root, its state directory. Flags that say something else of it are wrong. */
export function scopeOnHost(run: Run, { host }: Inventory, text: Pick<Scope, 'paths' | 'set'>): Scope {
  const { options, workingFolder } = run;
  const absolute = (path: string) => posix.resolve(workingFolder, path);
  if (options.host !== undefined && options.host !== host.name)
    throw new UsageError(
      `--host ${options.host}: the inventory is of ${host.name}`,
      'leave --host out, or name the inventory of that host',
    );
  if (options.root !== undefined && absolute(options.root) !== (host.root || '/'))
    throw new UsageError(
      `--root ${options.root}: the inventory was taken with ${host.root === '' ? 'no other root than /' : `--root ${host.root}`}`,
      'leave --root out: the inventory knows it',
    );
  if (options.stateDir !== undefined && absolute(options.stateDir) !== host.stateFolder)
    throw new UsageError(
      `--state-dir ${options.stateDir}: that of the host is ${host.stateFolder}`,
      'leave --state-dir out: the inventory knows it',
    );
  return { ...text, root: host.root, stateFolder: host.stateFolder, host: host.name };
}
