import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { UsageError } from '../../src/cli/usage-error.ts';
import { stdoutFormat, wantedReports as wantedReportsIn } from '../../src/cli/wanted-reports.ts';
import { formatNames, formatRow, formatsOf } from '../../src/report/formats/format-table.ts';
import { reportingCommands } from '../../src/report/reported.ts';

const test = suite('cli/wanted-reports');

const wantedReports = (command: string, options: Parameters<typeof wantedReportsIn>[1]) => wantedReportsIn(command, options, '/checkout');

test('formats and files are read in order; - and nothing are stdout', () => {
  assert.equal(wantedReports('check', { report: ['sarif=a.sarif', 'junit=x=y.xml', 'markdown=-'] }), [
    { format: 'sarif', file: 'a.sarif' },
    { format: 'junit', file: 'x=y.xml' },
    { format: 'markdown', file: undefined },
  ]);
});

test('--json is --report json, and both together are one', () => {
  assert.equal(wantedReports('plan', { json: true, report: ['json'] }), [{ format: 'json', file: undefined }]);
});

test('text goes to stdout unless another format does', () => {
  assert.is(stdoutFormat(wantedReports('check', { report: ['sarif=a'] })), 'text');
  assert.is(stdoutFormat(wantedReports('check', { report: ['sarif=a', 'github'] })), 'github');
});

// biome-ignore format: table
const wrong: readonly (readonly [command: string, report: readonly string[], message: RegExp, hint: RegExp])[] = [
  ['check',    ['sarf=x'],            /no report format "sarf"/,               /did you mean sarif\?/],
  ['check',    ['pdf'],               /no report format "pdf"/,                /knows text, json, github/],
  ['status',   ['sarif=x'],           /status has no report "sarif".*plan, check, validate/, /knows text, json, openmetrics/],
  ['check',    ['gitlab-plan=x'],     /that is for plan/,                      /knows/],
  ['plan',     ['sarif', 'markdown'], /only one report can go to stdout/,      /--report markdown=certstate\.md/],
  ['plan',     ['sarif=a', 'json=a'], /two reports cannot be one file: a/,     /each/],
  ['plan',     ['sarif=a', 'json=/checkout/b/../a'], /two reports cannot be one file: \/checkout/, /each/],
  ['validate', ['junit='],            /names no file/,                         /certstate\.xml/],
];

for (const [command, report, message, hint] of wrong) {
  test(`certstate ${command} ${report.map((word) => `--report ${word}`).join(' ')} is refused, with what to type instead`, () => {
    try {
      wantedReports(command, { report });
      assert.unreachable();
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      assert.match(error.message, message);
      assert.match(error.hint, hint);
    }
  });
}

test('the plan that is saved and a report are two files', () => {
  assert.throws(
    () => wantedReports('plan', { report: ['markdown=b/../plan'], out: 'plan' }),
    /the plan and a report cannot be one file: plan/,
  );
  assert.is(wantedReports('plan', { report: ['json=plan.md', 'text'], out: '-' }).length, 2);
});

test('every format can be had from some command, and every command has text and JSON', () => {
  assert.ok(formatNames.every((name) => formatRow(name).commands.length > 0));
  for (const command of reportingCommands) assert.equal(formatsOf(command).slice(0, 2), ['text', 'json']);
});

test('commands that make no reports have their text and their JSON', () => {
  assert.equal(wantedReports('apply', {}), []);
  assert.equal(wantedReports('apply', { json: true }), [{ format: 'json', file: undefined }]);
});

test.run();
