/** `npm run torture` runs the promises in full; a plain run of the tests takes a sample of each. */
import process from 'node:process';

export const isTorture = process.env['CERTSTATE_TORTURE'] === '1';

/** A figure that people look at, on a line of its own. */
export const printFigure = (promise: string, text: string): void => void process.stdout.write(`${promise}: ${text}\n`);
