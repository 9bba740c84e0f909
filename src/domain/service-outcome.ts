/** What became of telling a service that its files have changed. */
import type { ServiceReload } from './plan.ts';

/** A service that has still to be told, and what changed for it. */
export interface PendingService extends Pick<ServiceReload, 'service' | 'when'> {
  /** The `-f` of the desired state that asked for it: another one over the same state directory does not know the service, and leaves it alone. */
  readonly source?: readonly string[] | undefined;
}

export type ServiceFailure = 'not-started' | 'exit-code' | 'signal' | 'timed-out' | 'interrupted';

export type ServiceOutcome =
  | {
      readonly result: 'done';
      readonly service: string;
      readonly when: ServiceReload['when'];
      readonly argv: readonly string[];
      readonly milliseconds: number;
    }
  /** Not running, or the desired state has no command for it (any more): nothing is to be done. */
  | {
      readonly result: 'skipped';
      readonly service: string;
      readonly when: ServiceReload['when'];
      readonly because: 'not-active' | 'no-command';
    }
  | {
      readonly result: 'failed';
      readonly service: string;
      readonly when: ServiceReload['when'];
      readonly argv: readonly string[];
      readonly failure: ServiceFailure;
      /** The exit code, the signal, the errno, the time limit: in words. */
      readonly detail: string;
      /** The end of what it printed. */
      readonly output: string;
      readonly milliseconds: number;
    }
  /** A service that it comes after could not be told. */
  | { readonly result: 'held-back'; readonly service: string; readonly when: ServiceReload['when']; readonly because: string };

/** Whether it must be told again by a later pass. */
export const isStillPending = ({ result }: ServiceOutcome): boolean => result === 'failed' || result === 'held-back';
