/** On a terminal: the line of what takes long, with its seconds, for as long as it takes. */
import type { Address } from '../domain/names.ts';
import type { ApplyEvent } from '../domain/outcome.ts';
import type { Clock } from '../ports/clock.ts';

type Ongoing = Extract<ApplyEvent, { type: 'progress' }>;

export interface LiveLine {
  /** What is told of a resource: that it is still at it, or that it is done. */
  readonly heard: (event: ApplyEvent) => void;
  readonly stop: () => void;
}

/** Draws what has been at it longest as if it had just been told, once a second. */
export function liveLine(draw: (event: Ongoing) => void, clock: Pick<Clock, 'elapsed'>, everyMilliseconds = 1_000): LiveLine {
  const going = new Map<Address, { readonly event: Ongoing; readonly heardAt: number }>();
  let beat: NodeJS.Timeout | undefined;
  const stop = () => {
    clearInterval(beat);
    beat = undefined;
  };
  const redraw = () => {
    const [longest] = going.values();
    if (!longest) return;
    const { event, heardAt } = longest;
    draw({ ...event, milliseconds: event.milliseconds + Math.round(clock.elapsed() - heardAt) });
  };
  return {
    heard(event) {
      if (event.type === 'progress') {
        going.set(event.address, { event, heardAt: clock.elapsed() });
        // Nothing waits for a line.
        beat ??= setInterval(redraw, everyMilliseconds).unref();
      } else {
        going.delete(event.type === 'end' ? event.outcome.address : event.address);
        if (going.size === 0) stop();
      }
    },
    stop,
  };
}
