/**
 * Metrics in a text that OpenMetrics parsers and Prometheus' older text format both read: node_exporter's textfile collector knows only the latter,
 * and refuses the types `info` and `stateset`. Hence gauges throughout, no timestamps, nothing that ends in `_total`.
 */
import type { FailClass } from '../../domain/codes/code-row.ts';
import type { Condition } from '../../domain/condition.ts';
import type { Change } from '../../domain/plan.ts';
import type { Instant } from '../../domain/time.ts';
import type { Reported } from '../reported.ts';
import { resourceStates, stateOf } from '../resource-state.ts';
import { renewsFrom } from '../status-text.ts';
import { plain } from './problem-words.ts';

interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

interface Family {
  readonly name: string;
  readonly unit?: 'seconds';
  readonly help: string;
  readonly samples: readonly Sample[];
}

/** Ended by `# EOF`. Families are always there, samples where something is known. */
export function openmetricsReport(reported: Reported): string {
  const changes = reported.plan?.plan.changes ?? [];
  return [...families(reported, changes).flatMap(familyLines), '# EOF', ''].join('\n');
}

const families = (reported: Reported, changes: readonly Change[]): readonly Family[] => [
  {
    name: 'certstate_info',
    help: 'The version of certstate that looked.',
    samples: [{ labels: { version: reported.tool.version, desired_state: reported.name }, value: 1 }],
  },
  {
    name: 'certstate_condition',
    help: 'What stands until the thing itself is right; address is empty for the host.',
    samples: conditions(reported).map((condition) => ({
      labels: { ...conditionLabels(condition), severity: condition.severity },
      value: 1,
    })),
  },
  {
    name: 'certstate_condition_since_timestamp_seconds',
    unit: 'seconds',
    help: 'Since when a condition that is on record stands.',
    samples: conditions(reported)
      .filter((condition) => reported.conditions?.isKept(condition))
      .map((condition) => ({ labels: conditionLabels(condition), value: condition.since })),
  },
  {
    name: 'certstate_evaluated_timestamp_seconds',
    unit: 'seconds',
    help: 'When the files were looked at.',
    samples: [{ labels: {}, value: reported.evaluatedAt }],
  },
  {
    name: 'certstate_certificate_not_after_timestamp_seconds',
    unit: 'seconds',
    help: 'When the certificate on disk expires.',
    samples: changes.flatMap((change) => sampleAt(change, change.before?.notAfter)),
  },
  {
    name: 'certstate_certificate_not_before_timestamp_seconds',
    unit: 'seconds',
    help: 'When the certificate on disk becomes valid.',
    samples: changes.flatMap((change) => sampleAt(change, change.before?.notBefore)),
  },
  {
    name: 'certstate_certificate_renewal_from_timestamp_seconds',
    unit: 'seconds',
    help: 'When the renewal window of the certificate on disk opens.',
    samples: changes.flatMap((change) => sampleAt(change, renewsFrom(change))),
  },
  {
    name: 'certstate_hold_until_timestamp_seconds',
    unit: 'seconds',
    help: 'When the hold on a resource ends.',
    samples: changes.flatMap((change) => sampleAt(change, change.findings.find(({ code }) => code === 'on-hold')?.until)),
  },
  {
    name: 'certstate_findings',
    help: 'Findings that are not accepted, by code, class and level.',
    samples: findingSamples(reported),
  },
  {
    name: 'certstate_resources',
    help: 'Resources by the worst that is known of them.',
    samples: resourceStates.map((state) => ({ labels: { state }, value: changes.filter((change) => stateOf(change) === state).length })),
  },
];

const conditions = ({ conditions: standing }: Reported): readonly Condition[] => standing?.conditions ?? [];
const conditionLabels = ({ type, address }: Condition) => ({ type, address: address ?? '' });

function sampleAt(change: Change, instant: Instant | null | undefined): readonly Sample[] {
  // A date that does not parse is no date.
  if (instant === null || instant === undefined || Number.isNaN(instant)) return [];
  return [{ labels: { address: change.address, issuer: change.issuer ?? 'self' }, value: instant }];
}

/** One sample for each code that was found. Alerts sum them by class or level. */
function findingSamples({ problems }: Reported): readonly Sample[] {
  const counts = new Map<string, { readonly labels: { code: string; class: FailClass; level: string }; value: number }>();
  for (const { code, failClass, level, accepted } of problems) {
    if (accepted) continue;
    const labels = { code, class: failClass, level };
    const key = JSON.stringify(labels);
    counts.set(key, { labels, value: (counts.get(key)?.value ?? 0) + 1 });
  }
  return [...counts].sort(([left], [right]) => Number(left > right) - Number(left < right)).map(([, sample]) => sample);
}

const familyLines = ({ name, unit, help, samples }: Family): readonly string[] => [
  `# TYPE ${name} gauge`,
  ...(unit ? [`# UNIT ${name} ${unit}`] : []),
  `# HELP ${name} ${help}`,
  ...samples.map(({ labels, value }) => `${name}${labelText(labels)} ${value}`),
];

function labelText(labels: Sample['labels']): string {
  const given = Object.entries(labels).map(([label, value]) => `${label}="${escapeLabel(plain(value))}"`);
  return given.length === 0 ? '' : `{${given.join(',')}}`;
}

const escapeLabel = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
