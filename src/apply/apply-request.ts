import type { ApplyEvent } from '../domain/outcome.ts';
import type { Plan } from '../domain/plan.ts';
import type { Clock } from '../ports/clock.ts';
import type { FileReader } from '../ports/file-reader.ts';
import type { Store } from '../ports/store.ts';
import type { Issuing } from './issuing.ts';
import type { ResultCheck } from './self-check.ts';

/** A plan, and everything that carrying it out needs of its surroundings. */
export interface ApplyRequest {
  readonly plan: Plan;
  readonly store: Store;
  readonly reader: FileReader;
  readonly clock: Clock;
  readonly check: ResultCheck;
  readonly onEvent: (event: ApplyEvent) => void;
  /** Once aborted, the transaction that is on its way is finished, and the rest is held back. */
  readonly signal: AbortSignal;
  /** How many resources are prepared at a time: keys are made on other threads. */
  readonly parallelism: number;
  /** After the first failure nothing else is begun. */
  readonly failFast: boolean;
  /** The folder that stands for `/`, or empty: nothing outside of it is read. */
  readonly root: string;
  /** Where keys and signatures come from, if not from this process. */
  readonly issuing?: Issuing;
}
