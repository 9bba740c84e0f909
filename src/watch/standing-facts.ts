/** What stands on a host, from the verdict on it: each fact with the key by which it is known again. */

import type { Found, VerdictLine } from '../domain/verdict.ts';
import type { FactKind, Heartbeat, StandingFact } from '../domain/watch-event.ts';

/** Nothing that is tolerated, and of findings only those that somebody should do something about, or has asked for: a hold. */
export function standingFacts(lines: readonly VerdictLine[]): readonly StandingFact[] {
  const known = new Map<string, number>();
  return lines.filter(speaks).map((line) => {
    const key = keyOf(line);
    const before = known.get(key) ?? 0;
    known.set(key, before + 1);
    return { key: before === 0 ? key : `${key} ${before}`, value: valueText(line), kind: kindOf(line), line };
  });
}

const speaks = ({ code, accepted, about, severity, failClass }: VerdictLine): boolean =>
  accepted === undefined && ('difference' in about || severity !== 'notice' || failClass === 'due' || code === 'on-hold');

function kindOf({ about, failClass }: VerdictLine): FactKind {
  if ('diagnostic' in about) return 'trouble';
  if (failClass === 'due' || failClass === 'overdue' || failClass === 'expired') return 'due';
  if (!('difference' in about)) return 'finding';
  return about.difference.origin === 'config' ? 'pending' : 'drift';
}

/** The address a line is about; null where it is of no resource. */
export const addressOfLine = ({ about }: Pick<VerdictLine, 'about'>): string | null =>
  'diagnostic' in about ? (about.diagnostic.address ?? null) : about.change.address;

/**
 * What only a look at everything can tell to be over: what a service serves, and what was found elsewhere than in the files of one resource, a condition
 * from before among it.
 */
export const isOfEverything = ({ line: { code, about } }: StandingFact): boolean =>
  code === 'service-stale' || code === 'service-unreachable' || 'diagnostic' in about;

function keyOf(line: VerdictLine): string {
  const { about, code } = line;
  const what = 'difference' in about ? [about.difference.file, ...about.difference.path] : 'finding' in about ? [about.finding.file] : [];
  return JSON.stringify([addressOfLine(line), code, ...what]);
}

const valueText = ({ about, severity }: VerdictLine): string => JSON.stringify([severity, valueIn(about)]);

function valueIn(about: Found): unknown {
  if ('difference' in about) {
    const { observed, desired, added, removed, overdue } = about.difference;
    return [observed, desired, added, removed, overdue];
  }
  if ('finding' in about) return [about.finding.detail, about.finding.overdue];
  return 'blocked' in about ? about.blocked.code : null;
}

/** How many resources are as they should be, and of how many something of each kind stands. */
export function countsOf(facts: readonly StandingFact[], resources: number): Pick<Heartbeat, 'inSync' | 'counts'> {
  const count = (kind: FactKind) => new Set(facts.filter((fact) => fact.kind === kind).map((fact) => addressOfLine(fact.line))).size;
  const troubled = new Set(facts.map(({ line }) => addressOfLine(line)).filter((address) => address !== null));
  return {
    inSync: Math.max(0, resources - troubled.size),
    counts: { drift: count('drift'), pending: count('pending'), due: count('due'), finding: count('finding'), trouble: count('trouble') },
  };
}
