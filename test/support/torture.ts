/** `npm run torture` runs the promises in full; a plain run of the tests takes a sample of each. */
import { appendFileSync } from 'node:fs';
import process from 'node:process';

export const isTorture = process.env['CERTSTATE_TORTURE'] === '1';

/** A figure that people look at, on a line of its own; torture collects them in a file. */
export function printFigure(promise: string, text: string): void {
  process.stdout.write(`${promise}: ${text}\n`);
  const file = process.env['CERTSTATE_FIGURES'];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify({ promise, text })}\n`);
}
