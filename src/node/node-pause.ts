import { setTimeout } from 'node:timers/promises';
import type { Pause } from '../ports/clock.ts';

/** The timers of this process. */
export const nodePause: Pause = (milliseconds, signal) => setTimeout(milliseconds, undefined, { signal }).catch(() => undefined);
