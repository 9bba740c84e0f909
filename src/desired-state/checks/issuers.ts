/** Who signs what: issuers that do not exist, cycles, depth, and names that cannot be told apart (RFC 5280 §4.1.2.4, §4.2.1.9). */
import { formatSubject } from '../../domain/subject.ts';
import { didYouMean, listed, quoted } from '../problem.ts';
import { type FoundResource, issuerOf, issuersOf, type Whole } from './whole.ts';

export function checkIssuers(whole: Whole): void {
  for (const resource of whole.resources) checkKnown(whole, resource);
  checkCycles(whole);
  checkPathLengths(whole);
  checkSubjects(whole);
}

function checkKnown(whole: Whole, { name, reading, report }: FoundResource): void {
  const { issuer } = reading.values;
  if (!issuer || whole.authorities.has(issuer.value)) return;
  const certificate = whole.resources.find((other) => other.section === 'certificates' && other.name === issuer.value);
  if (certificate) {
    report({
      code: 'issuer-not-authority',
      place: issuer.place,
      message: `${name} names the issuer ${quoted(issuer.value)}, which is a certificate`,
      hint: 'only what stands under authorities signs',
      label: 'an end-entity certificate',
      related: [{ message: 'it is described here', place: certificate.place }],
    });
    return;
  }
  if (!whole.complete) return;
  const known = [...whole.authorities.keys()];
  const written = issuer.value.replace(/^ca\//, '');
  const meant = whole.authorities.has(written) ? `did you mean "${written}"?` : didYouMean(written, known);
  report({
    code: 'unknown-issuer',
    place: issuer.place,
    message: `${name} names the issuer ${quoted(issuer.value)}, which does not exist`,
    hint: known.length === 0 ? 'describe it under authorities, in any of the files that are read' : `the authorities are ${listed(known)}`,
    label: meant ?? `no authority named ${quoted(issuer.value)}`,
  });
}

function checkCycles(whole: Whole): void {
  const seen = new Set<FoundResource>();
  for (const start of whole.authorities.values()) {
    const path = new Set<FoundResource>();
    let next: FoundResource | undefined = start;
    while (next && !path.has(next) && !seen.has(next)) {
      path.add(next);
      next = issuerOf(whole, next);
    }
    if (next && path.has(next)) reportCycle([...path].slice([...path].indexOf(next)));
    for (const resource of path) seen.add(resource);
  }
}

function reportCycle(cycle: readonly FoundResource[]): void {
  const [first, ...others] = cycle as readonly [FoundResource, ...FoundResource[]];
  const place = first.reading.values.issuer?.place ?? first.place;
  if (others.length === 0) {
    first.report({
      code: 'issuer-cycle',
      place,
      message: `the authority ${first.name} names itself as its issuer`,
      hint: 'remove the line: an authority without an issuer is a root, which signs itself',
      label: 'itself',
    });
    return;
  }
  const names = [...cycle, first].map(({ name }) => name).join(' → ');
  first.report({
    code: 'issuer-cycle',
    place,
    message: `the authorities ${names} issue one another`,
    hint: 'one of them must be a root, without an issuer',
    label: 'a cycle begins here',
    related: others.map(({ name, reading, place: key }) => ({
      message: `the issuer of ${name}`,
      place: reading.values.issuer?.place ?? key,
    })),
  });
}

/** Each authority with the limit that it carries, against the longest path of authorities below it. */
function checkPathLengths(whole: Whole): void {
  const deepest = new Map<FoundResource, { readonly depth: number; readonly below: FoundResource }>();
  for (const below of whole.authorities.values()) {
    const issuers = issuersOf(whole, below);
    const root = issuers.at(-1);
    // In a cycle, which is reported, nothing has a depth.
    if (root && issuerOf(whole, root)) continue;
    for (const [index, above] of issuers.entries())
      if (index + 1 > (deepest.get(above)?.depth ?? 0)) deepest.set(above, { depth: index + 1, below });
  }
  for (const [above, { depth, below }] of deepest) {
    const { pathLength, issuer, external, provided } = above.reading.values;
    const limit = pathLength?.value ?? (issuer && !external?.value && !provided ? 0 : Number.POSITIVE_INFINITY);
    if (depth <= limit) continue;
    above.report({
      code: 'path-length-exceeded',
      place: pathLength?.place ?? above.place,
      message: `${above.name} allows ${limit === 0 ? 'no authority' : limit === 1 ? 'one authority' : `${limit} authorities in a row`} below it, and ${below.name} is number ${depth}`,
      hint: `write pathLength: ${depth}, or let ${below.name} be issued by another authority`,
      label: pathLength ? 'too short' : 'without pathLength, an intermediate is issued with 0',
      related: [{ message: `${depth} below`, place: below.place }],
    });
  }
}

/** A verifier looks for an issuer by its name: two authorities of one name cannot be told apart, and a leaf of that name looks self-signed. */
function checkSubjects(whole: Whole): void {
  const bySubject = new Map<string, FoundResource>();
  for (const authority of whole.authorities.values()) {
    const subject = subjectText(authority);
    const first = subject === undefined ? undefined : bySubject.get(subject);
    if (subject !== undefined && !first) bySubject.set(subject, authority);
    if (!first) continue;
    authority.report({
      code: 'duplicate-subject',
      place: subjectPlace(authority),
      message: `the authorities ${first.name} and ${authority.name} have the same subject, ${subject}`,
      hint: 'give each its own: a certificate names its issuer by its subject',
      label: 'the same subject',
      related: [{ message: `the subject of ${first.name}`, place: subjectPlace(first) }],
    });
  }
  for (const resource of whole.resources) {
    const issuer = issuerOf(whole, resource);
    const subject = subjectText(resource);
    if (resource.section !== 'certificates' || !issuer || subject === undefined || subject !== subjectText(issuer)) continue;
    resource.report({
      code: 'subject-of-issuer',
      place: subjectPlace(resource),
      message: `${resource.name} has the same subject as its issuer, ${subject}`,
      hint: 'give it its own: some verifiers take it for self-signed',
      label: 'the subject of its issuer',
      related: [{ message: `the subject of ${issuer.name}`, place: subjectPlace(issuer) }],
    });
  }
}

const subjectText = ({ desired }: FoundResource): string | undefined =>
  desired && Object.keys(desired.subject).length > 0 ? formatSubject(desired.subject) : undefined;
const subjectPlace = ({ reading, place }: FoundResource) => (reading.values.commonName ?? reading.values.subject)?.place ?? place;
