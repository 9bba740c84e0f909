/**
 * What an apply was agreed to somewhere else than here and now: a plan that was saved and reviewed, or the id of one. The plan is made anew on this
 * host all the same; it is carried out if it is the one that was agreed to, and otherwise nothing is. An agreement says what, and never where: which
 * desired state, which root and which state directory are meant comes from the command line alone, so that no document can lead an apply elsewhere.
 * Nor does it consent: `--confirm` is said by whoever applies.
 */
import type { Diagnostic } from '../domain/diagnostic.ts';
import { parseAddress } from '../domain/names.ts';
import { parseExpectedIds, planIdDigits } from '../formats/expected-ids.ts';
import type { AgreementReading } from './agreement.ts';
import { byExpectedId } from './expected-plan.ts';
import { givenName, readGivenFile } from './given-file.ts';
import type { Run } from './run.ts';
import { readSavedPlan } from './saved-plan.ts';
import { bySavedPlan } from './saved-plan-agreement.ts';
import { scopeOf } from './scope.ts';
import { UsageError } from './usage-error.ts';

/** From the argument of `apply` and its flags; throws a `UsageError` for those that say two things at once. */
export function agreementOf(run: Run): AgreementReading {
  const { expect, expectFile } = run.options;
  const [name] = run.arguments;
  const given = [
    ...(name === undefined ? [] : [name]),
    ...(expect === undefined ? [] : ['--expect']),
    ...(expectFile === undefined ? [] : ['--expect-file']),
  ];
  const [first, second] = given;
  if (first === undefined) return { state: 'none' };
  if (second !== undefined) throw new UsageError(`${first} and ${second} each say which plan is to be applied`, 'give one of them');
  mustNotAsk(run, first);
  if (name !== undefined) return fromFile(run, name);
  if (expect !== undefined) {
    const digits = planIdDigits(expect);
    if (digits === undefined)
      throw new UsageError(
        `--expect ${expect} is not the id of a plan`,
        'give at least its first 12 digits, as certstate plan prints them',
      );
    return { state: 'agreed', agreement: byExpectedId(run, digits) };
  }
  return fromExpectedIds(run, expectFile as string);
}

/** What a plan is asked for is part of what was agreed to. */
function mustNotAsk({ options }: Run, agreed: string): void {
  const asked = (['target', 'exclude', 'renew', 'rekey'] as const).find((flag) => options[flag] !== undefined);
  if (asked !== undefined)
    throw new UsageError(
      `--${asked} asks for another plan than ${agreed}`,
      `leave it out; certstate plan --${asked} … -o FILE saves a plan with it, and certstate apply FILE applies that`,
    );
  if (options.dryRun)
    throw new UsageError(
      `--dry-run does not go with ${agreed}`,
      'certstate plan shows what would be done, certstate show FILE what was saved',
    );
}

function fromFile(run: Run, name: string): AgreementReading {
  const reading = readSavedPlan(run, name);
  switch (reading.state) {
    case 'absent':
      throw new UsageError(
        `there is no file ${name}`,
        parseAddress(name)
          ? `to apply one resource: certstate apply --target ${name}`
          : 'certstate apply takes a plan that certstate plan -o has saved; without one it plans anew',
      );
    case 'unusable':
      return { state: 'unusable', diagnostic: reading.diagnostic };
    case 'read':
      return bySavedPlan(run, reading.saved);
  }
}

/** Larger than any list of hosts that one person has reviewed. */
const largestExpectFile = 4 * 1024 * 1024;

function fromExpectedIds(run: Run, file: string): AgreementReading {
  const reading = readGivenFile(run, file, largestExpectFile);
  if (reading.state !== 'read')
    throw new UsageError(
      reading.state === 'absent'
        ? `--expect-file: there is no file ${file}`
        : `--expect-file: ${givenName(file)} cannot be read: ${reading.cause}`,
      'give a file with a line HOST ID for each host',
    );
  const expected = parseExpectedIds(new TextDecoder().decode(reading.bytes));
  if (!expected.ok)
    throw new UsageError(
      `--expect-file ${file}: line ${expected.line} ${expected.problem}`,
      'each line is HOST ID, for example "controller-0 965a7caeedb1"',
    );
  const { host } = scopeOf(run);
  const digits = expected.ids.get(host);
  return digits === undefined
    ? { state: 'stale', diagnostic: hostNotExpected(file, host) }
    : { state: 'agreed', agreement: byExpectedId(run, digits) };
}

const hostNotExpected = (file: string, host: string): Diagnostic => ({
  code: 'host-not-expected',
  severity: 'error',
  message: `${file} has no line for the host ${host}; nothing was changed`,
  hint: 'add the id of the plan that was reviewed for it, or say with --host which line is meant',
});
