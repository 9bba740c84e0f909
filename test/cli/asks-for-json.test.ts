import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { asksForJson } from '../../src/cli/asks-for-json.ts';

const test = suite('cli/asks-for-json');

const asking = [
  '--json',
  'plan --json',
  '--report json',
  '--report=json',
  '--report json=-',
  '--report=json=-',
  '-o -',
  '-o-',
  '--out -',
  '--out=-',
];
const notAsking = [
  'plan',
  '--report sarif',
  '--report json=x.json',
  '--report sarif=json',
  '-o plan.json',
  '--out=json',
  '-- --json',
  '--report',
  'json',
];

for (const line of asking) test(`${line} asks for JSON`, () => assert.is(asksForJson(line.split(' ')), true));
for (const line of notAsking) test(`${line} does not ask for JSON`, () => assert.is(asksForJson(line.split(' ')), false));

test.run();
