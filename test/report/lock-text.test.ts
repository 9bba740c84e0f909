import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { lockOwnerText, takenOverText, waitingText } from '../../src/report/lock-text.ts';
import { recoveredText } from '../../src/report/recovered-text.ts';
import { plainStyle } from '../../src/report/style.ts';
import { at } from '../support/change-builders.ts';

const test = suite('report/lock-text');

const owner = { user: 'root', host: 'ctl-0', pid: 4127, command: 'certstate apply', since: at('2026-11-23T16:29:51Z') };

test('who, what, since when, and how long that is', () =>
  assert.is(lockOwnerText(owner, at('2026-11-23T16:30:02Z')), 'root@ctl-0 pid 4127 "certstate apply", since 16:29:51Z (11 s)'));

test('since another day is said with that day; a clock that went back makes no negative length', () => {
  assert.is(lockOwnerText(owner, at('2026-11-24T16:29:51Z')), 'root@ctl-0 pid 4127 "certstate apply", since 2026-11-23T16:29:51Z (24 h)');
  assert.match(lockOwnerText(owner, at('2026-11-23T16:00:00Z')), /\(0 s\)$/);
});

test('waiting for somebody who has not written itself down is waiting all the same', () =>
  assert.is(waitingText(undefined, at('2026-11-23T16:30:02Z')), 'waiting for another certstate'));

test('a lock that was taken over is said with whose it was', () =>
  assert.is(
    takenOverText(owner, at('2026-11-23T16:30:02Z')),
    'took over the lock of root@ctl-0 pid 4127 "certstate apply", since 16:29:51Z (11 s): its process is gone',
  ));

test('what was completed of an interrupted run is said in one sentence', () => {
  assert.is(
    recoveredText({ resources: ['ca/etcd', 'cert/etcd-server'], removedStages: [] }, plainStyle),
    'Completed an interrupted change of ca/etcd, cert/etcd-server.\n\n',
  );
  assert.match(
    recoveredText({ resources: [], removedStages: ['/etc/etcd/.certstate-1-2'] }, plainStyle),
    /^Removed what an interrupted run/,
  );
  assert.is(recoveredText({ resources: [], removedStages: [] }, plainStyle), 'An interrupted change could not be completed.\n\n');
});

test.run();
