/** What became of telling a service that its files have changed, and whether it was seen to serve them. */
import type { Address } from './names.ts';
import type { ServiceReload } from './plan.ts';
import type { Served, ServedCertificate } from './served.ts';
import { sameTelling, type Telling } from './telling.ts';

/** A service that has still to be told, and what changed for it. */
export interface PendingService extends Pick<ServiceReload, 'service' | 'when'> {
  /** The `-f` of the desired state that asked for it: another one over the same state directory does not know the service, and leaves it alone. */
  readonly source?: readonly string[] | undefined;
  /** How often it was told of this change, and nothing came of it yet. */
  readonly tried?: Tried | undefined;
  /** It was told of these certificates, in this way, and once more, and did not come to serve them: it is only looked at until one of them changes. */
  readonly toldInVain?: ToldInVain | undefined;
}

/** Counted before each time, so that no crash forgets it; anew with each change that is published, and whenever a person asks for it. */
export interface Tried extends Telling {
  readonly times: number;
  /** Why the last time failed, in words; absent where its end was not seen. */
  readonly detail?: string | undefined;
}

/** Once, and once more: a restart each hour of what does not come up would do harm. From then on it is only looked at, until a person asks for more. */
export const mostTimes = 2;

export const oftenText = (times: number): string => (times === 1 ? 'once' : times === 2 ? 'twice' : `${times} times`);

export interface ToldInVain extends Telling {
  /** SHA-256 of what it was told of, sorted: the generation. */
  readonly certificates: readonly string[];
  /** How often; absent where that was not noted. */
  readonly times?: number | undefined;
}

/** Whether a service was told in vain of these very certificates in this very way. */
export const isInVain = (mark: ToldInVain | undefined, now: ToldInVain): boolean =>
  mark !== undefined && sameTexts(mark.certificates, now.certificates) && sameTelling(mark, now);

const sameTexts = (left: readonly string[], right: readonly string[]): boolean =>
  left.length === right.length && left.every((text, index) => text === right[index]);

/** Beyond what may become of a program: `not-understood` is an answer of crictl that says nothing, `not-back` a pod that was stopped and does not run again. */
export type ServiceFailure =
  | 'test-failed'
  | 'unknown-user'
  | 'not-started'
  | 'exit-code'
  | 'signal'
  | 'timed-out'
  | 'interrupted'
  | 'not-understood'
  | 'not-back';

/** Where a service was looked at and does not serve what is on disk. */
export interface NotServed {
  readonly address: Address;
  /** What is on disk. */
  readonly onDisk: ServedCertificate;
  /** What was seen last. */
  readonly served: Served;
}

interface Told extends Pick<ServiceReload, 'service' | 'when'> {
  /** Null for a service that reads its files by itself. */
  readonly argv: readonly string[] | null;
  readonly staticPod?: string | undefined;
  readonly milliseconds: number;
}

export type ServiceOutcome =
  /** Told, and seen to serve what is on disk at each of these. */
  | (Told & { readonly result: 'served'; readonly endpoints: readonly string[] })
  /** Told; nothing says where it could be looked at. */
  | (Told & { readonly result: 'unverified' })
  /** Told, once more where that was of use, and it still serves another certificate, or cannot be looked at. */
  | (Told & {
      readonly result: 'stale' | 'unreachable';
      readonly notServed: readonly [NotServed, ...NotServed[]];
      /** SHA-256 of all that it should serve, sorted. */
      readonly certificates: readonly string[];
      /** How often it was told. */
      readonly times: number;
    })
  /** Not running, or the desired state has no command for it (any more): nothing is to be done. */
  | {
      readonly result: 'skipped';
      readonly service: string;
      readonly when: ServiceReload['when'];
      readonly because: 'not-active' | 'no-command';
    }
  | (Telling & {
      readonly result: 'failed';
      readonly service: string;
      readonly when: ServiceReload['when'];
      readonly failure: ServiceFailure;
      /** The exit code, the signal, the errno, the time limit: in words. */
      readonly detail: string;
      /** The end of what it printed. */
      readonly output: string;
      readonly milliseconds: number;
    })
  /** A service that it comes after could not be told. */
  | { readonly result: 'held-back'; readonly service: string; readonly when: ServiceReload['when']; readonly because: string };

/** Whether it must be told again by a later pass. */
export const isStillPending = ({ result }: ServiceOutcome): boolean => result === 'failed' || result === 'held-back';
/** Whether what runs is, or may be, not what is on disk. */
export const isOpen = (outcome: ServiceOutcome): boolean =>
  isStillPending(outcome) || outcome.result === 'stale' || outcome.result === 'unreachable';
