/** Every check that needs more than one field, in the order in which their answers build on one another. */
import type { Instant } from '../../domain/time.ts';
import { formatInstant } from '../../domain/time.ts';
import type { Report } from '../problem.ts';
import { checkFieldsTogether } from './fields-together.ts';
import { checkIssuers } from './issuers.ts';
import { checkLifetimes } from './lifetimes.ts';
import { checkNameConstraints } from './name-constraints.ts';
import { checkDuplicateNames, checkNotEmpty, checkVariables } from './names.ts';
import { checkPaths } from './paths.ts';
import { checkServices } from './services.ts';
import { checkUsages } from './usages.ts';
import type { FoundResource, Whole } from './whole.ts';
import { checkWindows } from './windows.ts';

export function checkWhole(
  whole: Whole,
  options: { readonly set: ReadonlyMap<string, string>; readonly now: Instant },
  report: Report,
): void {
  for (const resource of whole.resources) {
    checkFieldsTogether(resource);
    checkUsages(resource);
    checkLifetimes(whole, resource);
    checkAccepted(resource, options.now);
  }
  checkDuplicateNames(whole);
  checkIssuers(whole);
  checkNameConstraints(whole);
  checkServices(whole);
  checkWindows(whole, options.now);
  checkPaths(whole);
  checkVariables(whole, options.set, report);
  checkNotEmpty(whole, report);
}

function checkAccepted({ reading, report }: FoundResource, now: Instant): void {
  for (const { values } of reading.values.accept?.value ?? []) {
    if (!values.until || values.until.value >= now) continue;
    report({
      code: 'accept-expired',
      place: values.until.place,
      message: `the finding ${values.code?.value ?? ''} was tolerated until ${formatInstant(values.until.value)}`,
      hint: 'it counts again: mend it, or decide anew and write a later date',
      label: 'over',
    });
  }
}
