/** A wrong flag or argument: says what is wrong and what to type instead. Ends in exit code 64. */
export class UsageError extends Error {
  readonly hint: string;
  /** The address or pattern that fits nothing, where it is that. */
  readonly about: string | undefined;
  constructor(message: string, hint: string, about?: string) {
    super(message);
    this.hint = hint;
    this.about = about;
  }
}
