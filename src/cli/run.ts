/** What a command is handed, and what it gives back. */
import type { WritingEnvironment } from '../reconcile/environment.ts';
import type { FormatName } from '../report/formats/format-table.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

/** Flags as commander read them; what a command does not take is absent. */
export interface Options {
  readonly file?: readonly string[];
  readonly host?: string;
  readonly set?: readonly string[];
  readonly root?: string;
  readonly stateDir?: string;
  readonly target?: readonly string[];
  readonly exclude?: readonly string[];
  readonly now?: string;
  readonly inventory?: string;
  readonly renew?: readonly string[];
  readonly rekey?: readonly string[];
  readonly confirm?: readonly string[];
  readonly yes?: boolean;
  readonly expect?: string;
  readonly expectFile?: string;
  readonly out?: string;
  readonly acceptClock?: boolean;
  readonly dryRun?: boolean;
  readonly failFast?: boolean;
  /** False with `--no-reload`. */
  readonly reload?: boolean;
  readonly lockTimeout?: string;
  readonly for?: string;
  readonly reason?: string;
  /** False with `--no-hold`. */
  readonly hold?: boolean;
  readonly list?: boolean;
  readonly parallelism?: string;
  readonly exitCode?: boolean;
  readonly detailedExitcode?: boolean;
  readonly interval?: string;
  /** True where no actions are named. */
  readonly apply?: string | true;
  readonly poll?: string;
  readonly once?: boolean;
  readonly within?: string;
  readonly failOn?: string;
  readonly max?: string;
  readonly all?: boolean;
  readonly diff?: boolean;
  readonly summary?: boolean;
  readonly plain?: boolean;
  /** False with `--no-keys`. */
  readonly keys?: boolean;
  readonly json?: boolean;
  readonly report?: readonly string[];
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly debug?: boolean;
}

export interface WantedReport {
  readonly format: FormatName;
  /** As it was given; undefined is stdout. */
  readonly file: string | undefined;
}

export interface Run {
  readonly command: string;
  /** What `--report` and `--json` ask for. */
  readonly reports: readonly WantedReport[];
  readonly arguments: readonly string[];
  readonly options: Options;
  readonly terminal: Terminal;
  readonly outside: WritingEnvironment;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly workingFolder: string;
  readonly hostName: string;
}

export type Command = (run: Run) => Promise<ExitCode>;
