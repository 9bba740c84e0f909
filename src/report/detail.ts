/** A label and what stands beside it, one entry per line. `own` lines are this resource's alone: two changes with the same other lines are the same change. */
export interface Detail {
  readonly label: string;
  readonly lines: readonly string[];
  readonly own: boolean;
}
