/** One exit code, one meaning, in all commands. Public. */
export const exitCodes = {
  ok: 0,
  error: 1,
  changes: 2,
  declined: 20,
  stale: 21,
  blocked: 22,
  locked: 23,
  partial: 24,
  unverified: 25,
  usage: 64,
  config: 65,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** What each means, for the help texts. */
export const exitMeanings: Readonly<Record<keyof typeof exitCodes, string>> = {
  ok: 'done, or nothing to do',
  error: 'could not finish; the message says what was left untouched',
  changes: 'changes or findings (plan: only with --exit-code)',
  declined: 'the question was answered no, or could not be asked',
  stale: 'the host or the YAML is no longer what the plan was made from',
  blocked: 'something was blocked, and nothing failed',
  locked: 'another certstate holds the lock',
  partial: 'some resources were applied, some failed',
  unverified: 'the files are right, a service is stale or could not be verified',
  usage: 'a flag or argument is wrong',
  config: 'the text of the desired state is wrong',
  interrupted: 'interrupted (SIGINT); what was begun was finished',
  terminated: 'terminated (SIGTERM); what was begun was finished',
};
