import { type Instant, instantOf } from '../domain/time.ts';

/** Set by the build from SOURCE_DATE_EPOCH, where that is given. */
declare const __CERTSTATE_MADE__: number | undefined;

/** No right clock shows an earlier time than that at which this program was made: at the least the summer in which its source was begun. */
export const madeAt: Instant = instantOf(typeof __CERTSTATE_MADE__ === 'number' ? __CERTSTATE_MADE__ : Date.UTC(2025, 5, 1) / 1000);
