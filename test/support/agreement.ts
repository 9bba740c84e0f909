/** Whether a command says the same as text, as JSON and by its exit code, and its JSON is what the schemas it ships promise. */
import { Ajv, type ValidateFunction } from 'ajv';
import type { Code } from '../../src/domain/codes.ts';
import { type CommandResult, runCertstate } from './run-certstate.ts';

interface Said {
  readonly text: CommandResult;
  readonly json: CommandResult;
  readonly exit: number;
  readonly says: Code | undefined;
  /** Whether it works on where the text of the desired state is wrong: from the last that was right. */
  readonly goesOn: boolean;
  /** Whether it was asked to say more on stderr, with JSON too. */
  readonly verbose?: boolean;
  /** Whether its JSON is a stream of events. */
  readonly streams: boolean;
}

/** As `diagnosticJson` has it, so far as is looked at. */
interface DiagnosticJson {
  readonly code: string;
  readonly severity: string;
}

/** `error[file-missing]: …` of a text. */
const codesInText = ({ stderr, stdout }: CommandResult): readonly string[] =>
  [...`${stdout}\n${stderr}`.matchAll(/^(?:error|warning|notice)\[([a-z0-9-]+)\]: /gm)].map(([, code = '']) => code);

export function disagreements({ text, json, exit, says, goesOn, verbose = false }: Omit<Said, 'streams'>): readonly string[] {
  const faults: string[] = [];
  const expect = (holds: boolean, fault: string) => {
    if (!holds) faults.push(fault);
  };
  expect(text.exit === exit, `exit code ${text.exit} instead of ${exit}:\n${text.stdout}${text.stderr}`);
  expect(json.exit === exit, `exit code ${json.exit} with --json instead of ${exit}:\n${json.stdout}${json.stderr}`);
  for (const { stdout, stderr } of [text, json]) expect(!/^\s+at .*:\d+:\d+\)?$/m.test(`${stdout}\n${stderr}`), 'a stack trace');
  expect(verbose || json.stderr === '', `with --json something is on stderr: ${json.stderr}`);
  // Whatever could not begin has no result; a change that was planned and then refused has been shown.
  if (exit === exitOf.usage || (exit === exitOf.config && !goesOn)) expect(text.stdout === '', `a result on stdout: ${text.stdout}`);
  expect(exit === 0 || text.stdout + text.stderr !== '', 'it says nothing');
  if (says !== undefined) {
    expect(json.stdout.includes(`"${says}"`), `JSON does not name ${says}: ${json.stdout}`);
    expect(`${text.stdout}\n${text.stderr}`.includes(says), `the text does not name ${says}:\n${text.stdout}${text.stderr}`);
  }
  const inJson = diagnosticsIn(json.stdout);
  const inText = codesInText(text);
  for (const { code } of inJson) expect(inText.includes(code), `only JSON has the diagnostic ${code}:\n${text.stdout}${text.stderr}`);
  for (const code of inText) expect(json.stdout.includes(`"${code}"`), `only the text has ${code}: ${json.stdout}`);
  return faults;
}

const exitOf = { usage: 64, config: 65 };

/** Diagnostics of a report, of history, or of a stream; what stands inside a plan or a verdict is in the text as sentences. */
function diagnosticsIn(stdout: string): readonly DiagnosticJson[] {
  const found: DiagnosticJson[] = [];
  for (const document of documentsIn(stdout) ?? []) {
    if (document['format'] === 'certstate.report' || document['format'] === 'certstate.history')
      found.push(...((document['diagnostics'] ?? []) as readonly DiagnosticJson[]));
    if (document['type'] === 'diagnostic' || document['type'] === 'apply_failed') found.push(document['diagnostic'] as DiagnosticJson);
  }
  return found;
}

type Document = Readonly<Record<string, unknown>>;

/** One document, or one in each line. */
function documentsIn(stdout: string): readonly Document[] | undefined {
  try {
    return [JSON.parse(stdout) as Document];
  } catch {
    try {
      return stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Document);
    } catch {
      return undefined;
    }
  }
}

const judges = new Map<string, ValidateFunction>();

/** The schema that the program prints, as a judge. */
function judgeOf(name: string): ValidateFunction {
  const known = judges.get(name);
  if (known) return known;
  const { exit, stdout } = runCertstate('schema', name);
  if (exit !== 0) throw new Error(`there is no schema ${name}`);
  const judge = new Ajv({ strict: true, allowUnionTypes: true }).compile(JSON.parse(stdout) as object);
  judges.set(name, judge);
  return judge;
}

/** What is wrong with the JSON of a command that ended like this. */
export function judgeDocuments({ stdout }: CommandResult, { exit, streams }: Pick<Said, 'exit' | 'streams'>): readonly string[] {
  const documents = documentsIn(stdout);
  if (!documents) return [`no JSON: ${stdout.slice(0, 200)}`];
  const [first, last] = [documents[0], documents.at(-1)];
  if (first?.['type'] === 'hello')
    return [...(streams ? [] : ['events where one document was expected']), ...streamFaults(documents, exit, last)];
  if (documents.length !== 1 || !first) return [`${documents.length} documents`];
  if (streams && stdout.trimEnd().includes('\n')) return ['a document of several lines, where programs read line by line'];
  // A schema, or the list of them.
  if ('$schema' in first || Array.isArray(first)) return [];
  const format = /^certstate\.(\w+)$/.exec(String(first['format']))?.[1];
  if (format === undefined) return [`no format: ${stdout.slice(0, 200)}`];
  const judge = judgeOf(format);
  return [
    ...(judge(first) ? [] : [`not what schema ${format} says: ${JSON.stringify(judge.errors)}`]),
    ...documentFaults(format, first, exit),
  ];
}

function documentFaults(format: string, document: Document, exit: number): readonly string[] {
  switch (format) {
    case 'report':
    case 'check':
      return document['ok'] === (exit === 0) ? [] : [`ok is ${document['ok']}, and the exit code ${exit}`];
    case 'history': {
      const list = (document['diagnostics'] ?? []) as readonly DiagnosticJson[];
      return list.some(({ severity }) => severity === 'error') === (exit !== 0) ? [] : ['its diagnostics and its exit code differ'];
    }
    default:
      return exit === 0 || exit === 2 ? [] : [`a ${format} with exit code ${exit}`];
  }
}

function streamFaults(events: readonly Document[], exit: number, last: Document | undefined): readonly string[] {
  const judge = judgeOf('events');
  return [
    ...events.flatMap((event) => (judge(event) ? [] : [`not what schema events says: ${JSON.stringify(event).slice(0, 300)}`])),
    ...(events.every(({ seq }, index) => seq === index + 1) ? [] : ['its numbers are not 1, 2, …']),
    ...(last?.['type'] === 'summary' && last['exit_code'] === exit ? [] : [`its last event is ${JSON.stringify(last)}`]),
    ...((exit === 0) === (last?.['level'] === 'info') ? [] : ['the level of the last event is not that of the exit code']),
  ];
}
