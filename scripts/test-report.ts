/** What the runner asks of a worker: one test file, and the empty folder that is its `os.tmpdir()`. */
export interface TestOrder {
  readonly file: string;
  readonly temporaryFolder: string;
}

/** What a worker tells the runner about one test file: a marked line on its standard output, after everything the file printed. */
export interface TestReport {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Ways in which the file could have passed without testing. */
  readonly complaints: readonly string[];
}

/** Begins the line that carries a report; no test prints a record separator. */
export const reportMark = '\u001ecertstate-test-report ';
