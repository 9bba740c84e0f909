import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Line, plainStyle, renderLine, renderLines, toned } from '../../src/report/style.ts';

const test = suite('report/style');

const journal = { ...plainStyle, journal: true };

// biome-ignore format: table
const weighed: readonly (readonly [string, Line])[] = [
  ['<3>error[disk-full]: no room',       [toned('error', 'error[disk-full]'), ': no room']],
  ['<3>overdue  cert/web',               [toned('danger', 'overdue'), '  cert/web']],
  ['<3>cert/web  FAILED',                ['cert/web  ', toned('dim', ''), toned('danger', 'FAILED')]],
  ['<4>warning[clock-behind]: it says',  [toned('warning', 'warning[clock-behind]'), ': it says']],
  ['<5>notice[waits-for-apply]: cert/a', [toned('notice', 'notice[waits-for-apply]'), ': cert/a']],
  ['<6>All good: 2 resources',           [toned('good', 'All good'), ': 2 resources']],
  ['<6>Applied: 1 fixed',                ['Applied: 1 fixed']],
  ['',                                   []],
];

for (const [text, line] of weighed)
  test(`for the journal a line begins with its weight: ${text}`, () => {
    assert.is(renderLine(line, journal), text);
    assert.is(renderLine(line, plainStyle), text.replace(/^<\d>/, ''));
  });

test('what somebody else has put into a line gives it no other weight, and no line of its own', () => {
  const line: Line = ['cert/web <0>\n<1>urgent'];
  assert.match(renderLines([line], journal), /^<6>cert\/web <0>[^\n]+\n$/);
});

test.run();
