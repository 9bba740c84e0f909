import { RDFormatValidator } from '@umbrelladocs/rdformat-validator';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { rdjsonReport } from '../../../src/report/formats/rdjson.ts';
import type { Reported } from '../../../src/report/reported.ts';
import { exposed, file, hostile, problem, reported, tolerated } from '../../support/reported.ts';

const test = suite('report/formats/rdjson');

interface Diagnostic {
  readonly message: string;
  readonly severity: string;
  readonly code: { readonly value: string };
  readonly location: { readonly path: string; readonly range: { readonly start: object; readonly end: object } };
}

const judge = new RDFormatValidator({ strictMode: true, allowExtraFields: false });

async function diagnostics(given: Reported): Promise<readonly Diagnostic[]> {
  const text = rdjsonReport(given);
  const judged = await judge.validateString(text);
  if (!judged.valid) throw new Error(JSON.stringify(judged.errors));
  return (JSON.parse(text) as { readonly diagnostics: readonly Diagnostic[] }).diagnostics;
}

test('the judge says no to what is no diagnostic', async () => {
  assert.is((await judge.validateString('{"diagnostics":[{"severity":"BAD"}]}')).valid, false);
});

test('a diagnostic has message, code, severity and range; what is accepted is left out', async () => {
  assert.equal(await diagnostics(reported({ problems: [exposed, tolerated] })), [
    {
      message: 'cert/server: mode of /tls/a b/server.key is 0644, not 0600\ncertstate apply puts it right',
      location: { path: file, range: { start: { line: 20, column: 3 }, end: { line: 20, column: 9 } } },
      severity: 'ERROR',
      code: { value: 'private-key-mode' },
    },
  ]);
});

test('columns are octets of UTF-8: what stands behind ä€𐐀 is further right than in an editor', async () => {
  const texts = new Map([[file, 'aä€𐐀b: x']]);
  const place = { file, line: 1, column: 6, endLine: 1, endColumn: 7 };
  const [diagnostic] = await diagnostics(reported({ texts, problems: [problem({ place })] }));
  assert.equal(diagnostic?.location.range, { start: { line: 1, column: 11 }, end: { line: 1, column: 12 } });
});

test('what others wrote is text', async () => {
  const [diagnostic] = await diagnostics(reported({ problems: [problem({ message: hostile, hint: undefined })] }));
  assert.not.match(diagnostic?.message ?? '', /[\n\u001b\u202e]/);
});

test.run();
