import process from 'node:process';

/** How often a property is tried: in full under `npm run torture`, a fifth of it in every other run. */
export const sampled = (count: number): number => (process.env['CERTSTATE_TORTURE'] === '1' ? count : Math.ceil(count / 5));
