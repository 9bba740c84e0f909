/** The stream of `--json` where a command has many things to say: one event per line, `hello` in front of whatever comes first. */

import process from 'node:process';
import { type EventStamp, helloEvent } from '../report/events-json.ts';
import { jsonLine } from '../report/json-text.ts';
import type { Run } from './run.ts';
import { scopeOf } from './scope.ts';
import { tool } from './tool.ts';

export type EventStream = (event: (stamp: EventStamp) => object) => void;

export function eventStream(run: Run): EventStream {
  const { terminal, outside } = run;
  let seq = 0;
  const put: EventStream = (event) => {
    seq += 1;
    terminal.out(jsonLine(event({ at: outside.clock.now(), seq })));
  };
  return (event) => {
    if (seq === 0) put((stamp) => helloEvent(stamp, { tool, pid: process.pid, from: scopeOf(run).paths }));
    put(event);
  };
}
