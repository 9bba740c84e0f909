/** A wrong flag or argument: says what is wrong and what to type instead. Ends in exit code 64. */
export class UsageError extends Error {
  readonly hint: string;
  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}
