/** What `explain` and docs/codes.md say about one code. */
export interface Explanation {
  /** A few words without a verb of ours: a heading. */
  readonly title: string;
  /** What the code says, and why it matters. Whole sentences. */
  readonly means: string;
  /** What to do, or what happens by itself. Whole sentences. */
  readonly fix: string;
  /** RFC section or other source of the rule. */
  readonly cites?: string;
}
