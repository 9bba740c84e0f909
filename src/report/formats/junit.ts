/** JUnit XML, as Jenkins, GitLab and Azure read it: a test case per resource, a failure per finding that fails. */
import { formatInstant } from '../../domain/time.ts';
import { grouped } from '../grouped.ts';
import type { Reported, ReportedProblem } from '../reported.ts';
import { placeOf, plain, sentenceOf } from './problem-words.ts';

interface Case {
  readonly className: string;
  readonly name: string;
  readonly problems: readonly ReportedProblem[];
}

/** One suite. What does not fail stands in the output of its test case; a resource whose only failures are accepted is skipped. */
export function junitReport(reported: Reported): string {
  const cases = casesOf(reported);
  const failed = cases.filter(hasFailures).length;
  const skipped = cases.filter((each) => !hasFailures(each) && each.problems.some(({ accepted }) => accepted)).length;
  const name = attribute(`certstate ${reported.command} ${reported.name}`);
  const counts = `tests="${cases.length}" failures="${failed}" errors="0" skipped="${skipped}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="certstate" tests="${cases.length}" failures="${failed}" errors="0" time="0">`,
    `  <testsuite name="${name}" ${counts} time="0" timestamp="${formatInstant(reported.evaluatedAt).slice(0, -1)}">`,
    ...cases.flatMap((each) => caseLines(each, reported)),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

const fails = ({ fails: failing, accepted }: ReportedProblem): boolean => failing && accepted === undefined;
const hasFailures = ({ problems }: Case): boolean => problems.some(fails);

/** The resources, then what concerns none of them, by the file it stands in. */
function casesOf({ command, resources, problems, texts }: Reported): readonly Case[] {
  const className = `certstate.${command}`;
  const known = new Set(resources.map(({ address }) => address));
  const others = problems.filter(({ address }) => address === undefined || !known.has(address));
  const [first] = texts.keys();
  const nameOf = ({ address, place }: ReportedProblem): string => address ?? place?.file ?? first ?? 'desired state';
  const found = grouped(problems, ({ address }) => address);
  return [
    ...resources.map(({ address }) => ({ className, name: address, problems: found.get(address) ?? [] })),
    ...[...grouped(others, nameOf)].map(([name, its]) => ({ className, name, problems: its })),
  ];
}

function caseLines(each: Case, reported: Reported): readonly string[] {
  const { className, name, problems } = each;
  const head = `    <testcase classname="${attribute(className)}" name="${attribute(name)}" time="0"`;
  if (problems.length === 0) return [`${head}/>`];
  const accepted = problems.find((problem) => problem.accepted !== undefined)?.accepted;
  const skip =
    accepted && !hasFailures(each)
      ? [`      <skipped message="${attribute(`accepted until ${accepted.until}: ${accepted.reason}`)}"/>`]
      : [];
  return [
    `${head}>`,
    ...skip,
    ...problems.filter(fails).map((problem) => failureLine(problem, reported)),
    // Jenkins shows the first failure of a test case only: everything stands here once more.
    `      <system-out>${problems.map((problem) => content(lineOf(problem, reported))).join('\n')}</system-out>`,
    '    </testcase>',
  ];
}

const failureLine = (problem: ReportedProblem, reported: Reported): string =>
  `      <failure type="${problem.code}" message="${attribute(sentenceOf(problem))}">${content(lineOf(problem, reported))}</failure>`;

/** `warning[renewal-due]: cert/etcd-client expires … (pki.yaml:37); what to do`. */
function lineOf(problem: ReportedProblem, reported: Reported): string {
  const { level, code, hint, accepted } = problem;
  const place = placeOf(problem, reported);
  const where = place ? ` (${place.file}:${place.line})` : '';
  const acceptance = accepted ? `; accepted until ${accepted.until}: ${accepted.reason}` : '';
  return plain(`${level}[${code}]: ${sentenceOf(problem)}${where}${acceptance}${hint === undefined ? '' : `; ${hint}`}`);
}

/** The two code points that are neither controls nor allowed in XML 1.0 (§2.2). */
const noncharacters = /[\ufffe\uffff]/g;

const content = (text: string): string =>
  plain(text).replace(noncharacters, '\ufffd').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const attribute = (text: string): string => content(text).replaceAll('"', '&quot;');
