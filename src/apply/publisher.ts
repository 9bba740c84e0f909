import type { Publication, PublicationSet, Store } from '../ports/store.ts';

/** As many sets as one transaction takes: enough that its record and the flushes of its folders cost each of them next to nothing. */
const most = 64;
/** How long what is ready waits for company, in milliseconds: a certificate must not wait for the RSA key of another. */
const patience = 200;

interface Job {
  readonly sets: readonly PublicationSet[];
  readonly answer: (publications: readonly Publication[] | 'interrupted') => void;
  readonly fail: (bug: unknown) => void;
}

/** Publishes what is ready in transactions, each with everything that is ready by then. */
export interface Publisher {
  /** Somebody is at work on something that will be published. Returns how to say that it is done, or will never be. */
  begin(): () => void;
  /** These sets go in the same transaction. `interrupted` if the run was told to stop before it began. */
  publish(sets: readonly PublicationSet[]): Promise<readonly Publication[] | 'interrupted'>;
}

/**
 * A transaction begins when it is full, when nobody is at work any more, or when the first in the queue has waited long enough.
 * With `oneByOne` nothing waits.
 */
export function publisherOf(store: Store, signal: AbortSignal, oneByOne: boolean): Publisher {
  const queue: Job[] = [];
  let atWork = 0;
  let timer: NodeJS.Timeout | undefined;

  const count = (jobs: readonly Job[]): number => jobs.reduce((sum, { sets }) => sum + sets.length, 0);

  const nextJobs = (): readonly Job[] => {
    const jobs = queue.splice(0, 1);
    while (!oneByOne && queue[0] && count(jobs) + queue[0].sets.length <= most) jobs.push(queue.shift() as Job);
    return jobs;
  };

  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    while (queue.length > 0) {
      const jobs = nextJobs();
      try {
        const publications = signal.aborted ? 'interrupted' : store.publish(jobs.flatMap(({ sets }) => sets));
        let from = 0;
        for (const { sets, answer } of jobs) {
          answer(publications === 'interrupted' ? publications : publications.slice(from, from + sets.length));
          from += sets.length;
        }
      } catch (bug) {
        for (const { fail } of jobs) fail(bug);
      }
    }
  };

  return {
    begin() {
      atWork += 1;
      let ended = false;
      return () => {
        if (!ended) atWork -= 1;
        ended = true;
        if (atWork === 0) flush();
      };
    },
    publish(sets) {
      return new Promise((answer, fail) => {
        queue.push({ sets, answer, fail });
        if (oneByOne || atWork === 0 || count(queue) >= most) flush();
        else timer ??= setTimeout(flush, patience);
      });
    },
  };
}
