import { closeSync, fstatSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { leadsToJournal } from '../../src/node/stream-identity.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';

const test = suite('node/stream-identity');

test('a stream is the journal only if it is the one that JOURNAL_STREAM names', () =>
  inTemporaryFolder((folder) => {
    const [journal, other] = [openSync(join(folder, 'journal'), 'w'), openSync(join(folder, 'other'), 'w')];
    const { dev, ino } = fstatSync(journal);
    assert.is(leadsToJournal(journal, `${dev}:${ino}`), true);
    for (const named of [`${dev}:${ino + 1}`, `${ino}`, '', undefined]) assert.is(leadsToJournal(journal, named), false, named);
    assert.is(leadsToJournal(other, `${dev}:${ino}`), false, 'whoever inherits the variable may write elsewhere');
    closeSync(journal);
    closeSync(other);
    assert.is(leadsToJournal(other, `${dev}:${ino}`), false, 'a stream that is closed');
  }));

test.run();
