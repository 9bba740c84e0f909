import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { ErrorObject } from 'ajv';
import AjvDraft04 from 'ajv-draft-04';
import addFormats from 'ajv-formats';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Code } from '../../../src/domain/codes.ts';
import { codes } from '../../../src/domain/codes.ts';
import { sarifReport } from '../../../src/report/formats/sarif.ts';
import type { Reported } from '../../../src/report/reported.ts';
import { exposed, file, hostile, many, pastedKey, problem, reported, tolerated } from '../../support/reported.ts';

const test = suite('report/formats/sarif');

/** The schema of SARIF 2.1.0 as the SARIF SDK ships it; one of its patterns is none in the mode of Unicode. */
const schemaPath = createRequire(import.meta.url).resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
const ajv = new AjvDraft04.default({ strict: false, allErrors: true, unicodeRegExp: false });
addFormats.default(ajv);
const validate = ajv.compile(JSON.parse(readFileSync(schemaPath, 'utf8')) as object);

interface Sarif {
  readonly runs: readonly [
    {
      readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string; readonly name: string }[] } };
      readonly automationDetails: { readonly id: string };
      readonly invocations: readonly {
        readonly executionSuccessful: boolean;
        readonly exitCode: number;
        readonly toolExecutionNotifications?: readonly object[];
      }[];
      readonly results: readonly {
        readonly ruleId: string;
        readonly ruleIndex: number;
        readonly level: string;
        readonly message: { readonly text: string };
        readonly locations: readonly [
          {
            readonly physicalLocation: {
              readonly artifactLocation: { readonly uri: string; readonly uriBaseId?: string };
              readonly region: object;
            };
          },
        ];
        readonly relatedLocations?: readonly { readonly physicalLocation: { readonly artifactLocation: { readonly uri: string } } }[];
        readonly partialFingerprints: Readonly<Record<string, string>>;
        readonly suppressions?: readonly object[];
      }[];
    },
  ];
}

function sarif(given: Reported): Sarif['runs'][0] {
  const log = JSON.parse(sarifReport(given)) as Sarif;
  if (!validate(log)) throw new Error(ajv.errorsText(validate.errors as ErrorObject[], { separator: '\n' }));
  return log.runs[0];
}

test('the schema that judges is that of SARIF 2.1.0, and says no', () => {
  assert.not(validate({ version: '2.1.0', runs: [{ tool: {} }] }));
  assert.not(validate({ version: '2.1.0', runs: [{ tool: { driver: { name: 'x' } }, results: [{ message: {} }] }] }));
});

test('a report without findings is SARIF', () => {
  assert.equal(sarif(reported({ exitCode: 0 })).results, []);
});

test('every code there is makes a rule that is SARIF', () => {
  const all = (Object.keys(codes) as Code[]).map((code) => problem({ code, failClass: codes[code].failOn, level: codes[code].severity }));
  const { tool, results } = sarif(reported({ problems: all }));
  assert.is(tool.driver.rules.length, all.length);
  for (const { ruleId, ruleIndex } of results) assert.is(tool.driver.rules[ruleIndex]?.id, ruleId);
});

test('a finding of the host is pinned to the YAML, relative to the sources; the file on the host is a related location', () => {
  const [result] = sarif(reported({ problems: [exposed] })).results;
  assert.equal(result?.locations[0].physicalLocation, {
    artifactLocation: { uri: file, uriBaseId: '%SRCROOT%' },
    region: { startLine: 20, startColumn: 3, endLine: 20, endColumn: 9 },
  });
  assert.is(result?.relatedLocations?.[0]?.physicalLocation.artifactLocation.uri, 'file:///tls/a%20b/server.key');
  assert.is(result?.level, 'error');
});

test('what is accepted is suppressed with its reason, not left out', () => {
  const [result] = sarif(reported({ problems: [tolerated] })).results;
  assert.equal(result?.suppressions, [
    { kind: 'inSource', status: 'accepted', justification: 'replaced with the new site (until 2027-01-31)' },
  ]);
});

test('a fingerprint is the code and the resource: it stays when lines move, and no two are the same', () => {
  const names = (line: number) =>
    sarif(
      reported({
        problems: [exposed, exposed, problem()].map((each) => ({ ...each, place: { file, line, column: 1, endLine: line, endColumn: 2 } })),
      }),
    ).results.map(({ partialFingerprints }) => partialFingerprints['certstate/v1']);
  assert.equal(names(5), ['private-key-mode:cert/server', 'private-key-mode:cert/server:2', 'renewal-due:cert/client']);
  assert.equal(names(99), names(5));
});

test('a problem without a place has the line of its resource, or else the first of the file', () => {
  const lines = sarif(
    reported({
      problems: [problem({ place: undefined }), problem({ place: undefined, address: undefined, message: 'the clock is wrong' })],
    }),
  ).results.map(({ locations }) => (locations[0].physicalLocation.region as { startLine: number }).startLine);
  assert.equal(lines, [37, 1]);
});

test('a command that could not do its work says so', () => {
  const failed = problem({
    code: 'internal-error',
    failClass: 'error',
    level: 'error',
    fails: true,
    message: 'a bug',
    address: undefined,
    place: undefined,
  });
  const { invocations, results } = sarif(reported({ exitCode: 1, completed: false, problems: [failed], resources: [], texts: new Map() }));
  assert.is(invocations[0]?.executionSuccessful, false);
  assert.is(invocations[0]?.exitCode, 1);
  assert.is(invocations[0]?.toolExecutionNotifications?.length, 1);
  assert.is(results.length, 1);
});

test('each command has an identity of its own, so that none replaces the alerts of another', () => {
  assert.is(sarif(reported()).automationDetails.id, 'certstate/check/etcd/');
  assert.is(sarif(reported({ command: 'validate' })).automationDetails.id, 'certstate/validate/etcd/');
});

test('what others wrote neither asks for an argument nor is a link, and shows no key', () => {
  const { results } = sarif(reported({ problems: [problem({ message: hostile }), problem({ message: pastedKey })] }));
  const [text, key] = results.map(({ message }) => message.text);
  assert.match(text as string, '{{0}}');
  assert.not.match(text as string, '](');
  assert.not.match(text as string, /[\n\u001b\u202e]/);
  assert.not.match(key as string, 'aB3dEfGh');
});

test('a file outside the repository is named by where it is', () => {
  const [result] = sarif(
    reported({ problems: [problem({ place: { file: '/etc/certstate/a:b.yaml', line: 1, column: 1, endLine: 1, endColumn: 2 } })] }),
  ).results;
  assert.equal(result?.locations[0].physicalLocation.artifactLocation, { uri: 'file:///etc/certstate/a%3Ab.yaml' });
});

test('a thousand findings are a thousand results', () => {
  assert.is(sarif(reported({ problems: many(1000) })).results.length, 1000);
});

test.run();
