/** What makes a process believe in another time, from its first moment: libfaketime, put under it by its environment alone. */
import { execFileSync } from 'node:child_process';
import { programPath } from './needs.ts';

const library = (): string =>
  execFileSync(programPath('faketime') ?? '', ['-m', '-f', '+0', 'printenv', 'LD_PRELOAD'], { encoding: 'utf8' }).trim();

/** Without the last of these a faked clock would stop the timers of Node. @param time `+345d`. */
export const fakedTime = (time: string) => ({ LD_PRELOAD: library(), FAKETIME: time, DONT_FAKE_MONOTONIC: '1' });

/** The same, by what a file says at each moment. */
export const fakedTimeFrom = (file: string) => ({
  LD_PRELOAD: library(),
  FAKETIME_TIMESTAMP_FILE: file,
  FAKETIME_NO_CACHE: '1',
  DONT_FAKE_MONOTONIC: '1',
});
