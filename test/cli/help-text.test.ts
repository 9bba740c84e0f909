import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { commandNames } from '../../src/cli/command-table.ts';
import { commandHelp, programHelp } from '../../src/cli/help-text.ts';

const test = suite('cli/help-text');

const helps = (columns: number | undefined): readonly string[] => [
  programHelp(columns),
  ...commandNames.map((name) => commandHelp(name, columns)),
];
const words = (text: string): string => text.replace(/\s+/g, ' ');

for (const columns of [80, 60, 120])
  test(`on a terminal of ${columns} columns no line is broken by the terminal but commands, which are copied, and nothing is left out`, () => {
    const whole = helps(undefined);
    for (const [index, help] of helps(columns).entries()) {
      assert.equal(
        help
          .split('\n')
          .filter((line) => line.length > columns && !/^ {2}(?:\.\.\. \| )?certstate \S/.test(line) && !line.startsWith('Usage: ')),
        [],
      );
      assert.is(words(help), words(whole[index] ?? ''));
    }
  });

test('in a pipe each flag and each example is one line', () => {
  assert.match(commandHelp('check', undefined), /^ {2}--fail-on <classes> .*warning\)$/m);
  assert.is.not(commandHelp('check', 80), commandHelp('check', undefined));
});

test.run();
