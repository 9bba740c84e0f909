/**
 * Conditions across runs: what stands is read from the state directory, held against what a pass has seen and done, and kept by whoever writes. Whoever only
 * looks shows the same, and keeps nothing.
 */
import { type Condition, conditionKey, type HostCheck } from '../domain/condition.ts';
import type { Diagnostic } from '../domain/diagnostic.ts';
import type { ServiceOutcome } from '../domain/service-outcome.ts';
import type { Instant } from '../domain/time.ts';
import type { ConditionLook } from '../plan/condition-look.ts';
import { type ConditionFold, foldConditions } from '../plan/conditions.ts';
import { conditionsFile, encodeConditions, readConditions } from '../records/conditions.ts';
import { readRecords } from '../records/read-records.ts';
import { conditionReason } from '../report/condition-reason.ts';
import { interruptedChanges } from '../store-files/pending.ts';
import { replaceStateFile } from '../store-files/state-files.ts';
import type { Environment, Scope, WritingEnvironment } from './environment.ts';
import { areServicesSeen, pendingServiceWarnings } from './open-services.ts';
import type { PlanPass } from './plan-pass.ts';
import { servicesRun } from './service-marks.ts';

/** What a pass knows that bears on conditions. */
export interface JudgedPass {
  /** The look at the YAML as it stands, before anything was done; its options are those of the pass. */
  readonly pass: PlanPass;
  /** What was carried out, if anything may have been: then renewals that were due and did not come about have failed. */
  readonly tried?: ConditionLook['tried'];
  /** What became of services that were told. */
  readonly services?: readonly ServiceOutcome[] | undefined;
  /** What was said beside the look: of an interrupted change, a broken text, folders that cannot be listened to, limits that were reached. */
  readonly diagnostics?: readonly Diagnostic[] | undefined;
  /** Checks of the host that only the caller makes (`listening`, by whoever watches), where they were made and passed. */
  readonly passed?: readonly HostCheck[] | undefined;
}

export interface StandingConditions extends Pick<ConditionFold, 'unchecked' | 'news'> {
  /** Those that concern this desired state. */
  readonly conditions: readonly Condition[];
  /** Of these, the ones that the state directory remembers: `since` of the others is only when this look was taken. */
  readonly isKept: (condition: Condition) => boolean;
  /** Trouble with the file they are kept in. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * What stands by this pass, for whoever only looks. Writes nothing.
 * @param remembered what stood in earlier looks of a process that goes on looking and keeps nothing.
 */
export function standingConditions(
  environment: Environment,
  scope: Scope,
  judged: JudgedPass,
  now: Instant,
  remembered: readonly Condition[] = [],
): StandingConditions {
  // An inventory is of another host, whose conditions are not here.
  if (judged.pass.inventory) return nothingStands;
  const reading = readConditions(environment.reader, scope.stateFolder);
  const onRecord = new Map(reading.conditions.map((condition) => [conditionKey(condition), condition]));
  const before = [...reading.conditions, ...remembered.filter((condition) => !onRecord.has(conditionKey(condition)))];
  const fold = foldConditions(before, lookOf(environment, scope, judged, now));
  return {
    conditions: fold.standing,
    unchecked: fold.unchecked,
    news: fold.news,
    isKept: (condition) => onRecord.has(conditionKey(condition)),
    diagnostics: judged.pass.records.diagnostics.length > 0 ? [] : reading.diagnostics,
  };
}

const nothingStands: StandingConditions = { conditions: [], unchecked: [], news: [], isKept: () => false, diagnostics: [] };

/**
 * Whether this pass, if nothing else were done, had something to keep: then it needs the lock. Not where nothing was ever applied, or the records are
 * somebody else's: nobody makes a state directory, or fails, only to remember what stands.
 */
export function keepsMore(environment: Environment, scope: Scope, judged: JudgedPass, now: Instant): boolean {
  const { records, diagnostics } = judged.pass.records;
  return records.manifest.size > 0 && diagnostics.length === 0 && standingConditions(environment, scope, judged, now).news.length > 0;
}

/**
 * The same, kept. Call it under the lock, once in a pass, when everything was done and told; what was mended in this pass is looked at again before
 * (`judgedAgain`). Writes only what is new. Returns what went wrong with that: it is no trouble for any certificate.
 */
export function keepConditions(
  environment: Pick<WritingEnvironment, 'writer'> & Environment,
  scope: Scope,
  judged: JudgedPass,
  now: Instant,
): Pick<StandingConditions, 'conditions' | 'news' | 'diagnostics'> {
  return kept(environment, scope, lookOf(environment, scope, judged, now));
}

function kept(
  environment: Pick<WritingEnvironment, 'writer'> & Environment,
  scope: Scope,
  look: ConditionLook,
): Pick<StandingConditions, 'conditions' | 'news' | 'diagnostics'> {
  const reading = readConditions(environment.reader, scope.stateFolder);
  const { standing, after, news } = foldConditions(reading.conditions, look);
  if (news.length === 0) return { conditions: standing, news, diagnostics: [] };
  const replace = (name: string, bytes: Uint8Array) => replaceStateFile(environment, scope.stateFolder, name, bytes);
  const aside = reading.isKnown || reading.bytes === null ? undefined : replace(`${conditionsFile}.unreadable`, reading.bytes);
  const problem = aside ?? replace(conditionsFile, encodeConditions(after));
  return { conditions: standing, news, diagnostics: problem ? [{ ...problem, severity: 'warning' }] : [] };
}

/**
 * For whoever could not even look, because the text is broken and no good one was ever kept: that is a condition too, where something was applied here before.
 * Undefined where there is nothing new to keep; else what keeps it, to be called under the lock.
 */
export function brokenText(
  environment: Pick<WritingEnvironment, 'writer'> & Environment,
  scope: Scope,
  now: Instant,
): (() => void) | undefined {
  const { manifest } = readRecords(environment.reader, scope.stateFolder).records;
  if (manifest.size === 0) return undefined;
  const look: ConditionLook = {
    desired: { resources: [], services: [], from: scope.paths },
    changes: [],
    diagnostics: [nothingToWorkFrom(scope)],
    passed: new Set(),
    now,
    say: (about) => conditionReason(about, now),
  };
  const { news } = foldConditions(readConditions(environment.reader, scope.stateFolder).conditions, look);
  return news.length === 0 ? undefined : () => void kept(environment, scope, look);
}

const nothingToWorkFrom = ({ paths }: Scope): Diagnostic => ({
  code: 'desired-state-broken',
  severity: 'error',
  message: `${paths.join(', ')} cannot be used, and no desired state that was in order is kept: nothing is renewed`,
  hint: 'mend the text; certstate validate says when it is right',
});

/** What a pass has seen and done, as conditions are judged by it. */
export function lookOf(
  environment: Environment,
  scope: Scope,
  { pass, tried, diagnostics = [], passed = [] }: JudgedPass,
  now: Instant,
): ConditionLook {
  const { plan, desired, observed } = pass;
  // A warning that was made before services were told may be over by now.
  const said = [...pass.diagnostics, ...diagnostics].filter(({ code }) => code !== 'service-pending');
  const ofServices = pendingServiceWarnings(environment, scope, pass, 'reads');
  return {
    desired,
    changes: plan.changes,
    served: observed.served,
    diagnostics: unique([...said, ...ofServices]),
    tried,
    passed: new Set([...passed, ...checksMade(environment, scope, pass, said)]),
    now,
    say: (about) => conditionReason(about, now),
  };
}

/** What was made by the look itself: the clock was held against the records, the text was read, the journal and the marks of services were looked at. */
const checksMade = ({ reader }: Environment, scope: Scope, pass: PlanPass, said: readonly Diagnostic[]): readonly HostCheck[] => [
  'clock',
  ...(said.some(({ code }) => code === 'desired-state-broken') ? [] : ['text' as const]),
  ...(interruptedChanges(reader, scope.stateFolder).length === 0 ? ['journal' as const] : []),
  ...(servicesRun(scope) && areServicesSeen({ reader }, scope, pass) ? ['services' as const] : []),
];

const unique = (diagnostics: readonly Diagnostic[]): readonly Diagnostic[] => [
  ...new Map(
    diagnostics.map((diagnostic) => [JSON.stringify([diagnostic.code, diagnostic.address, diagnostic.message]), diagnostic]),
  ).values(),
];
