import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { days, earlier, hours, type Instant, later, minutes } from '../../src/domain/time.ts';
import { updateRecords } from '../../src/records/update-records.ts';
import { changeOf, inputOf, now, planOf, type WorldWishes, world } from '../support/plan-world.ts';

const test = suite('records/update-records');

const issuedAt = earlier(now, hours(1));
const published = { serial: '01', notAfter: later(now, days(365)), sha256: 'aa', spkiSha256: 'bb' };

/** The latest instant at which something was issued, once the change of the server is carried out, and what that change was. */
function markAfter(wishes: WorldWishes, highWater: Instant | null) {
  const wanted = world(wishes);
  const plan = planOf(wanted);
  const change = changeOf(plan, 'cert/server');
  const { address, action } = change;
  const records = updateRecords(
    { ...wanted.records, highWater },
    {
      desired: inputOf(wanted).desired,
      plan,
      outcome: {
        resources: [{ result: 'done', address, action, change, published, paths: [], written: {}, milliseconds: 1 }],
        interrupted: false,
      },
      hashOf: () => 'hash',
      now,
      acceptClock: false,
    },
  );
  return { action, mark: records.highWater };
}

const openKey = { files: { '/pki/server.key': { mode: 0o100644 } } };
const dueSoon = { pairs: { 'cert/server': { certificate: { notAfter: later(now, days(1)) } } } };

test('what is issued is dated by the clock, so that an earlier time is no longer believed', () => {
  assert.equal(markAfter(dueSoon, issuedAt), { action: 'renew', mark: now });
  assert.equal(markAfter(dueSoon, null), { action: 'renew', mark: now });
});

test('a mode that is mended has no date in it: it neither makes the time right nor says anything of it', () => {
  assert.equal(markAfter(openKey, issuedAt), { action: 'fix', mark: issuedAt });
  assert.equal(markAfter(openKey, null), { action: 'fix', mark: null });
});

test('a clock that is a little behind takes nothing back', () => {
  assert.equal(markAfter(dueSoon, later(now, minutes(4))).mark, later(now, minutes(4)));
});

test.run();
