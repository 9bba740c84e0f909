import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { days, earlier, hours, later, seconds } from '../../src/domain/time.ts';
import type { DesiredWindow } from '../../src/domain/windows.ts';
import { notDoneText } from '../../src/report/renew-text.ts';
import { plainStyle as plain, renderLines } from '../../src/report/style.ts';
import { windowsJson } from '../../src/report/window-json.ts';
import { windowLines } from '../../src/report/window-text.ts';
import { authority, inputOf, leaf, now, place, planOf, world } from '../support/plan-world.ts';

const test = suite('report/renew-text');

const nightly: DesiredWindow = {
  name: 'nightly',
  place: place(1),
  cron: '30 1 * * *',
  duration: hours(4),
  at: () => ({ openUntil: null, opensNext: later(now, hours(9)) }),
};
const made = world({
  resources: [authority(), leaf('server', { windows: [nightly] })],
  pairs: { 'cert/server': { certificate: { notBefore: earlier(now, days(362)), notAfter: later(now, seconds(864_000)) } } },
  options: { scheduled: true },
});

test('what is due and waits is said with its reason; where nothing waits, nothing is', () => {
  assert.is(
    notDoneText(planOf(made), plain),
    'cert/server renew blocked: no maintenance window is open: nightly opens 2026-11-24T01:30:00Z\n',
  );
  assert.is(notDoneText(planOf({ ...made, options: {} }), plain), '');
});

test('status says of each window that is named whether it is open, and when it opens', () => {
  const { desired } = inputOf(made);
  assert.is(renderLines(windowLines(desired, now), plain), '\nMaintenance window nightly: opens 2026-11-24T01:30:00Z\n');
  const open = { ...nightly, at: () => ({ openUntil: later(now, hours(1)), opensNext: null }) };
  const gone = { ...nightly, name: 'gone', at: () => ({ openUntil: null, opensNext: null }) };
  assert.is(
    renderLines(windowLines({ resources: [leaf('server', { windows: [open, gone] })] }, now), plain),
    '\nMaintenance window nightly: open until 2026-11-23T17:30:00Z\nMaintenance window gone: will not open again\n',
  );
  assert.equal(windowLines({ resources: [leaf()] }, now), []);
});

test('what the text of a status says of windows, programs are told as well, and whom they bind', () => {
  const open = { ...nightly, name: 'open', timeZone: 'Europe/Berlin', at: () => ({ openUntil: later(now, hours(1)), opensNext: null }) };
  const resources = [authority(), leaf('server', { windows: [nightly] }), leaf('client', { windows: [nightly, open] })];
  assert.equal(windowsJson({ resources }, now), [
    {
      name: 'nightly',
      cron: '30 1 * * *',
      duration_seconds: 14_400,
      time_zone: 'UTC',
      open_until: null,
      opens_next: '2026-11-24T01:30:00Z',
      resources: ['cert/server', 'cert/client'],
    },
    {
      name: 'open',
      cron: '30 1 * * *',
      duration_seconds: 14_400,
      time_zone: 'Europe/Berlin',
      open_until: '2026-11-23T17:30:00Z',
      opens_next: null,
      resources: ['cert/client'],
    },
  ]);
  assert.equal(windowsJson({ resources: [leaf()] }, now), []);
});

test.run();
