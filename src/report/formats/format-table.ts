/** The formats of `--report`, one row each; each is loaded only when it is asked for. */
import type { Reported, ReportingCommand } from '../reported.ts';

export interface FormatRow {
  /** What it is and who reads it: for help and the documentation. */
  readonly what: string;
  readonly commands: readonly ReportingCommand[];
  /** Of a file that holds it, as its readers expect it. */
  readonly extension: string;
  /** Absent for what every command prints by itself: text and JSON. */
  readonly load?: () => Promise<(reported: Reported) => string>;
}

const all: readonly ReportingCommand[] = ['plan', 'check', 'validate', 'status'];
const judging: readonly ReportingCommand[] = ['plan', 'check', 'validate'];

// biome-ignore format: table
export const formatTable = {
  'text':        { commands: all,     extension: 'txt',   what: 'what is printed without --report' },
  'json':        { commands: all,     extension: 'json',  what: 'the same as --json' },
  'github':      { commands: judging, extension: 'txt',   what: 'annotations of GitHub Actions, at the lines of the YAML', load: async () => (await import('./github.ts')).githubReport },
  'gitlab':      { commands: judging, extension: 'json',  what: 'a code quality report of GitLab', load: async () => (await import('./gitlab.ts')).gitlabReport },
  'gitlab-plan': { commands: ['plan'], extension: 'json', what: 'the counts that GitLab shows in a merge request', load: async () => (await import('./gitlab-plan.ts')).gitlabPlanReport },
  'sarif':       { commands: judging, extension: 'sarif', what: 'SARIF 2.1.0, for code scanning', load: async () => (await import('./sarif.ts')).sarifReport },
  'junit':       { commands: judging, extension: 'xml',   what: 'JUnit XML: a test case per resource', load: async () => (await import('./junit.ts')).junitReport },
  'markdown':    { commands: judging, extension: 'md',    what: 'a comment on a pull request, or a step summary', load: async () => (await import('./markdown.ts')).markdownReport },
  'rdjson':      { commands: judging, extension: 'json',  what: 'the diagnostics of reviewdog', load: async () => (await import('./rdjson.ts')).rdjsonReport },
  'openmetrics': { commands: ['status'], extension: 'prom', what: 'metrics for Prometheus, through the textfile collector of node_exporter', load: async () => (await import('./openmetrics.ts')).openmetricsReport },
} as const satisfies Record<string, FormatRow>;

export type FormatName = keyof typeof formatTable;
export const formatNames = Object.keys(formatTable) as readonly FormatName[];
export const formatRow = (name: FormatName): FormatRow => formatTable[name];
export const isFormatName = (word: string): word is FormatName => Object.hasOwn(formatTable, word);

/** Those that a command can be asked for. */
export const formatsOf = (command: ReportingCommand): readonly FormatName[] =>
  formatNames.filter((name) => formatRow(name).commands.includes(command));
