import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { githubReport } from '../../../src/report/formats/github.ts';
import { exposed, file, hostile, many, pastedKey, problem, reported, tolerated } from '../../support/reported.ts';

const test = suite('report/formats/github');

interface Annotation {
  readonly command: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

/** As the runner reads them: `::name key=value,key=value::message`, five escapes in properties, three in the message. */
function read(text: string): readonly Annotation[] {
  assert.ok(text === '' || text.endsWith('\n'));
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [, command = '', given = '', message = ''] = /^::(\w+) ([^\n]*?)::(.*)$/.exec(line) ?? [];
      const withoutEscapes = (value: string) =>
        value.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%3A', ':').replaceAll('%2C', ',').replaceAll('%25', '%');
      const properties = Object.fromEntries(given.split(',').map((pair) => pair.split(/=(.*)/s).slice(0, 2).map(withoutEscapes)));
      return { command, properties, message: message.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%') };
    });
}

test('nothing found is nothing said', () => {
  assert.is(githubReport(reported()), '');
});

test('an annotation has file, line, columns and a title that begins with the code', () => {
  assert.equal(read(githubReport(reported({ problems: [exposed] }))), [
    {
      command: 'error',
      properties: {
        file,
        line: '20',
        endLine: '20',
        col: '3',
        endColumn: '9',
        title: 'private-key-mode Other permissions on a file with a private key',
      },
      message: 'cert/server: mode of /tls/a b/server.key is 0644, not 0600\ncertstate apply puts it right',
    },
  ]);
});

test('columns are left out where the place has several lines: GitHub takes them for one line only', () => {
  const place = { file, line: 3, column: 1, endLine: 5, endColumn: 2 };
  const [annotation] = read(githubReport(reported({ problems: [problem({ place })] })));
  assert.equal(Object.keys(annotation?.properties ?? {}), ['file', 'line', 'endLine', 'title']);
});

test('a problem without a place still has a file and a line', () => {
  const [annotation] = read(githubReport(reported({ problems: [problem({ place: undefined, address: undefined })] })));
  assert.is(annotation?.properties['file'], file);
  assert.is(annotation?.properties['line'], '1');
});

test('what is accepted is a notice with its reason', () => {
  const [annotation] = read(githubReport(reported({ problems: [tolerated] })));
  assert.is(annotation?.command, 'notice');
  assert.match(annotation?.message ?? '', 'accepted until 2027-01-31: replaced with the new site');
});

test('at most nine of a kind, the worst of them, and one notice with how many are left', () => {
  const problems = [
    ...many(15, { level: 'warning' }),
    ...many(12, { level: 'error', fails: true, failClass: 'drift' }),
    problem({ level: 'error', fails: true, failClass: 'expired', message: 'the worst' }),
    ...many(10, { level: 'notice' }),
  ];
  const annotations = read(githubReport(reported({ problems })));
  const count = (command: string) => annotations.filter((annotation) => annotation.command === command).length;
  assert.equal([count('error'), count('warning'), count('notice')], [9, 9, 10]);
  assert.match(annotations[0]?.message ?? '', 'the worst');
  assert.equal(annotations.at(-1)?.properties, { title: 'certstate' });
  assert.match(annotations.at(-1)?.message ?? '', `${38 - 27} more findings`);
});

test('what others wrote stays in its annotation: no further command, no escape, no key', () => {
  const text = githubReport(
    reported({
      problems: [
        problem({ message: hostile, place: { file: 'a,b:c%.yaml', line: 1, column: 1, endLine: 1, endColumn: 2 } }),
        problem({ message: pastedKey }),
      ],
    }),
  );
  assert.is(text.trimEnd().split('\n').length, 2);
  const [first] = read(text);
  assert.is(first?.properties['file'], 'a,b:c%.yaml');
  assert.match(first?.message ?? '', '%0A [l]');
  assert.not.match(text, /[\u001b\u202e]|aB3dEfGh/);
});

test.run();
