/** Running a program of the operator's: a list of words, never a line for a shell. */
export interface ProcessLimits {
  /** After this the whole process group is ended. */
  readonly milliseconds: number;
  /** So many bytes of what it prints are kept, the last ones. */
  readonly outputBytes: number;
  /** Where given, what it writes to its standard output is an answer: kept whole and apart from what it says, up to so many bytes. */
  readonly answerBytes?: number | undefined;
  /** Whom it is run as, with this group and no other; absent: as we run. */
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
}

export type ProcessEnd =
  /** `answer` is undefined where none was wanted, and where it was longer than that. */
  | { readonly end: 'exited'; readonly code: number; readonly output: string; readonly answer?: Uint8Array | undefined }
  | { readonly end: 'signalled'; readonly signal: string; readonly output: string }
  | { readonly end: 'timed-out'; readonly output: string }
  /** Never ran: not found, not executable, no permission; the errno. */
  | { readonly end: 'not-started'; readonly cause: string };

export interface ProcessRunner {
  /**
   * Runs `argv[0]`, an absolute path or a name found in a fixed PATH, in `/`, with an environment that holds nothing of ours and no open file
   * of ours. Resolves when it and everything it started in its group has ended or was ended; rejects never for what the program does.
   */
  run(argv: readonly [string, ...string[]], limits: ProcessLimits, signal?: AbortSignal): Promise<ProcessEnd>;
}
