/** Between a plan and the lock time may have passed: is the world still the one the plan was made from? */
import { createHash } from 'node:crypto';
import type { Holds } from '../domain/hold.ts';
import type { Plan } from '../domain/plan.ts';
import { changeSince } from '../ports/expectation.ts';
import { encodeHolds, readHolds } from '../records/holds.ts';
import { readRecords } from '../records/read-records.ts';
import type { Environment, Scope } from './environment.ts';
import type { PlanPass } from './plan-pass.ts';

/** Keys and certificates are small; what is larger was never read for the plan either. */
const maxBytes = 1024 * 1024;
const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Looks at the files the plan rests on and at the records, which every other run that published something has changed. */
export function isAsPlanned({ reader }: Environment, { stateFolder, root }: Scope, { records }: PlanPass, plan: Plan): boolean {
  const { bytes } = readRecords(reader, stateFolder);
  const sameRecords = bytes === null || records.bytes === null ? bytes === records.bytes : Buffer.compare(bytes, records.bytes) === 0;
  return (
    sameRecords &&
    isSameHolds(readHolds(reader, stateFolder).holds, records.records.holds) &&
    plan.preconditions.every((expected) => {
      const reading = reader.read(expected.path, { maxBytes, within: root === '' ? undefined : root });
      // What could not be read then is pinned by what was known of it: that it is there.
      if (reading.state === 'refused') return expected.exists && expected.sha256 === null;
      const change = changeSince(expected, reading, sha256Of);
      if (reading.state === 'read') reading.bytes.fill(0);
      return change === undefined;
    })
  );
}

/** A hold that was set while we looked counts, and so does one that was released. */
const isSameHolds = (now: Holds, then: Holds | undefined): boolean =>
  now.unreadable === then?.unreadable &&
  Buffer.compare(encodeHolds([...now.byAddress.values()]), encodeHolds([...(then?.byAddress.values() ?? [])])) === 0;
