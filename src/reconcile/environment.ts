/** The outside as a pass sees it: ports, and who we are. */
import type { Accounts } from '../ports/accounts.ts';
import type { Clock, Pause } from '../ports/clock.ts';
import type { FileReader } from '../ports/file-reader.ts';
import type { FileWriter } from '../ports/file-writer.ts';
import type { Locks } from '../ports/lock.ts';
import type { ProcessRunner } from '../ports/process-runner.ts';
import type { TlsProbe } from '../ports/tls-probe.ts';

export interface Environment {
  readonly reader: FileReader;
  readonly accounts: Accounts;
  readonly clock: Clock;
  /** How services are looked at; absent: none is. */
  readonly tlsProbe?: TlsProbe | undefined;
  readonly process: { readonly uid: number; readonly gid: number };
  /** What facts of earlier runs must have been made by, to be taken over: this very program, in these surroundings. Absent: none are, and none are kept. */
  readonly factsBy?: string | undefined;
}

export interface WritingEnvironment extends Environment {
  readonly writer: FileWriter;
  readonly locks: Locks;
  readonly runner: ProcessRunner;
  readonly pause: Pause;
}

/** Where a pass reads from and for whom. */
export interface Scope {
  /** Files and folders of the desired state, as given. */
  readonly paths: readonly string[];
  /** Variables given on the command line. */
  readonly set: ReadonlyMap<string, string>;
  /** Absolute, or empty for `/`. */
  readonly root: string;
  readonly stateFolder: string;
  readonly host: string;
}
