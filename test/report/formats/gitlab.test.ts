import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { gitlabReport } from '../../../src/report/formats/gitlab.ts';
import type { Reported, ReportedProblem } from '../../../src/report/reported.ts';
import { exposed, file, hostile, many, problem, reported, tolerated } from '../../support/reported.ts';

const test = suite('report/formats/gitlab');

interface Issue {
  readonly description: string;
  readonly check_name: string;
  readonly fingerprint: string;
  readonly severity: string;
  readonly location: { readonly path: string; readonly lines: { readonly begin: number } };
}

/** The fields that GitLab's documentation of code quality requires, and what may stand in them. */
function issues(given: Reported): readonly Issue[] {
  const read = JSON.parse(gitlabReport(given)) as readonly Issue[];
  for (const { description, check_name, fingerprint, severity, location } of read) {
    assert.type(description, 'string');
    assert.type(check_name, 'string');
    assert.match(fingerprint, /^[0-9a-f]{64}$/);
    assert.ok(['info', 'minor', 'major', 'critical', 'blocker'].includes(severity));
    assert.not.match(location.path, /^\.\//);
    assert.ok(Number.isInteger(location.lines.begin));
  }
  assert.is(new Set(read.map(({ fingerprint }) => fingerprint)).size, read.length);
  return read;
}

test('an issue has its code, its line, and says which resource it is about', () => {
  const [issue] = issues(reported({ problems: [exposed] }));
  assert.is(issue?.check_name, 'private-key-mode');
  assert.equal(issue?.location, { path: file, lines: { begin: 20 } });
  assert.is(issue?.description, 'cert/server: mode of /tls/a b/server.key is 0644, not 0600');
});

// biome-ignore format: table
const severities: readonly (readonly [Pick<ReportedProblem, 'failClass' | 'level'>, string])[] = [
  [{ failClass: 'expired',  level: 'error' },   'blocker'],
  [{ failClass: 'insecure', level: 'warning' }, 'critical'],
  [{ failClass: 'drift',    level: 'warning' }, 'critical'],
  [{ failClass: 'overdue',  level: 'warning' }, 'critical'],
  [{ failClass: 'error',    level: 'error' },   'critical'],
  [{ failClass: 'due',      level: 'notice' },  'major'],
  [{ failClass: 'warning',  level: 'warning' }, 'minor'],
  [{ failClass: 'warning',  level: 'notice' },  'info'],
  [{ failClass: 'orphan',   level: 'notice' },  'info'],
];

for (const [given, severity] of severities) {
  test(`${given.level} of the class ${given.failClass} is ${severity}`, () => {
    assert.is(issues(reported({ problems: [problem(given)] }))[0]?.severity, severity);
  });
}

test('what is accepted is left out, and nothing found is an empty list', () => {
  assert.equal(issues(reported({ problems: [tolerated] })), []);
});

test('fingerprints differ within a report, and stay from one to the next', () => {
  const given = reported({ problems: [exposed, exposed, ...many(50), problem({ message: hostile })] });
  const moved = {
    ...given,
    problems: given.problems.map((each) => ({ ...each, place: { file, line: 7, column: 1, endLine: 7, endColumn: 2 } })),
  };
  assert.equal(
    issues(given).map(({ fingerprint }) => fingerprint),
    issues(moved).map(({ fingerprint }) => fingerprint),
  );
});

test.run();
