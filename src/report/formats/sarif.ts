/** SARIF 2.1.0 (OASIS): results for code scanning, pinned to lines of the YAML. */

import { type Code, codes } from '../../domain/codes.ts';
import type { Place } from '../../domain/diagnostic.ts';
import { explanations } from '../explanations.ts';
import { jsonText } from '../json-text.ts';
import type { Reported, ReportedProblem } from '../reported.ts';
import { fingerprints, placeOf, plain, sentenceOf } from './problem-words.ts';

// biome-ignore format: table
const levels = { error: 'error', warning: 'warning', notice: 'note' } as const satisfies Record<ReportedProblem['level'], string>;

/** One run. What is accepted is suppressed, not left out: it stays on record with its reason. */
export function sarifReport(reported: Reported): string {
  const { command, name, tool, problems } = reported;
  const rules = [...new Set(problems.map(({ code }) => code))].sort();
  const names = fingerprints(problems);
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: tool.name, version: tool.version, semanticVersion: tool.version, rules: rules.map(ruleOf) } },
        // Code scanning replaces a run by the next one of the same id: each command has its own.
        automationDetails: { id: `certstate/${command}/${name}/` },
        columnKind: 'utf16CodeUnits',
        invocations: [invocationOf(reported)],
        results: problems.map((problem, index) => ({
          ruleId: problem.code,
          ruleIndex: rules.indexOf(problem.code),
          level: levels[problem.level],
          message: {
            text: messageText(problem.hint === undefined ? sentenceOf(problem) : `${sentenceOf(problem)}; ${plain(problem.hint)}`),
          },
          locations: [locationOf(problem, reported)],
          ...(problem.file !== undefined && {
            relatedLocations: [
              { id: 1, message: { text: 'the file on the host' }, physicalLocation: { artifactLocation: { uri: fileUri(problem.file) } } },
            ],
          }),
          partialFingerprints: { 'certstate/v1': names[index] },
          ...(problem.accepted && { suppressions: [suppressionOf(problem.accepted)] }),
        })),
      },
    ],
  };
  return jsonText(log);
}

function ruleOf(code: Code) {
  const { title, means, fix } = explanations[code];
  const { severity, failOn } = codes[code];
  return {
    id: code,
    name: code.replace(/(?:^|-)(.)/g, (_, letter: string) => letter.toUpperCase()),
    shortDescription: { text: messageText(title) },
    fullDescription: { text: messageText(means) },
    help: { text: messageText(fix) },
    defaultConfiguration: { level: levels[severity] },
    properties: { tags: ['pki', failOn], 'problem.severity': severity === 'notice' ? 'recommendation' : severity },
  };
}

/** A command that could not do its work says so: no result then means nothing. */
function invocationOf({ completed, exitCode, problems, evaluatedAt }: Reported) {
  const reasons = completed ? [] : problems.filter(({ fails }) => fails);
  return {
    executionSuccessful: completed,
    exitCode,
    endTimeUtc: new Date(evaluatedAt * 1000).toISOString(),
    ...(reasons.length > 0 && {
      toolExecutionNotifications: reasons.map((problem) => ({
        level: 'error',
        message: { text: messageText(sentenceOf(problem)) },
        descriptor: { id: problem.code },
      })),
    }),
  };
}

function locationOf(problem: ReportedProblem, reported: Reported) {
  const place = placeOf(problem, reported);
  return {
    ...(place && { physicalLocation: { artifactLocation: artifactOf(place.file), region: regionOf(place) } }),
    ...(problem.address !== undefined && { logicalLocations: [{ fullyQualifiedName: problem.address, kind: 'resource' }] }),
  };
}

/** A file of the repository by its path below the root of the sources; any other by where it is. */
const artifactOf = (file: string) => (file.startsWith('/') ? { uri: fileUri(file) } : { uri: encodePath(file), uriBaseId: '%SRCROOT%' });

const fileUri = (path: string): string => `file://${encodePath(path)}`;
const encodePath = (path: string): string => path.split('/').map(encodeSegment).join('/');

/** A colon in the first segment would make a scheme of it (RFC 3986 §4.2); half a surrogate pair cannot be encoded. */
const encodeSegment = (segment: string): string => encodeURIComponent(segment.replace(/\p{Cs}/gu, '\ufffd'));

/** The end column is exclusive, as ours is (§3.30.8). */
const regionOf = ({ line, column, endLine, endColumn }: Place) => ({ startLine: line, startColumn: column, endLine, endColumn });

/** `accept` stands in the YAML itself, and so in the source that the result is about (§3.35.2). */
const suppressionOf = ({ reason, until }: NonNullable<ReportedProblem['accepted']>) => ({
  kind: 'inSource',
  status: 'accepted',
  justification: plain(`${reason} (until ${until})`),
});

/** In a message `{0}` asks for an argument and `[text](target)` is a link (§3.11.5, §3.11.6): what others wrote is to be neither. */
const messageText = (text: string): string => text.replace(/\{(\d+)\}/g, '{{$1}}').replaceAll('](', '] (');
