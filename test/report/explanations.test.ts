import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { codes } from '../../src/domain/codes.ts';
import { explainList, explainText } from '../../src/report/explain-text.ts';
import { explanationGroups, explanations } from '../../src/report/explanations.ts';
import { plainStyle } from '../../src/report/style.ts';

const test = suite('report/explanations');

test('every code is explained, and nothing else is', () => {
  assert.equal(Object.keys(explanations).toSorted(), Object.keys(codes).toSorted());
});

test('every code stands in exactly one group', () => {
  const grouped = explanationGroups.flatMap((group) => Object.keys(group.codes));
  assert.equal(grouped.toSorted(), Object.keys(codes).toSorted());
});

for (const [code, { title, means, fix, cites }] of Object.entries(explanations)) {
  test(`${code} has a heading and whole sentences`, () => {
    assert.match(title, /^[A-Z].*[^.]$/);
    assert.ok(title.length <= 70, title);
    for (const text of [means, fix]) {
      assert.match(text, /^[A-Za-z].*\.$/s);
      assert.not.match(text, / {2}|\.\.|undefined|\n/);
    }
    if (cites !== undefined) assert.match(cites, /^[A-Z].*\d|^[a-z]+\(\d\)$/);
  });
}

test('explain wraps to the terminal and names severity, class and source', () => {
  const text = explainText('renewal-due', { style: { ...plainStyle, width: 80 } });
  assert.match(text, /^renewal-due: Inside its renewal window\n\n {4}means {4}The certificate is valid/);
  assert.match(text, '    class    notice, class due, used as difference and finding\n    source   RFC 3647 §4.6\n');
  for (const line of text.split('\n')) assert.ok(line.length <= 80, line);
});

test('explain without a code lists all of them with their titles', () => {
  const text = explainList({ style: plainStyle });
  for (const code of Object.keys(codes)) assert.ok(text.includes(`  ${code} `), code);
});

test.run();
