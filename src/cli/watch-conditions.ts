/** Conditions under `watch`: kept with `--apply`, else only held against what is on record; told where they begin, change and end. */
import { type Condition, type ConditionNews, conditionKey, isSameCondition } from '../domain/condition.ts';
import type { Diagnostic } from '../domain/diagnostic.ts';
import { formatInstant, type Instant } from '../domain/time.ts';
import type { Backoff, WatchEvent } from '../domain/watch-event.ts';
import type { Scope } from '../reconcile/environment.ts';
import { type JudgedPass, keepConditions, keepsMore, standingConditions } from '../reconcile/keep-conditions.ts';
import { underLock } from '../reconcile/state-lock.ts';
import { deafSentence } from '../report/watch-words.ts';
import { lockWishOf } from './lock-wish.ts';
import type { Run } from './run.ts';

export interface WatchConditions {
  /** Everything was looked at, and nothing was done since. */
  readonly judge: (judged: JudgedPass) => Promise<void>;
  /** What a pass of ours has kept. */
  readonly kept: (news: readonly ConditionNews[]) => void;
  /** Something was told; some of it bears on conditions. */
  readonly heard: (event: WatchEvent) => void;
}

export interface ConditionsContext {
  readonly run: Run;
  readonly scope: Scope;
  readonly applies: boolean;
  /** Whether it is known if folders are listened to: also where nobody wants it. */
  readonly knowsHearing: boolean;
  readonly signal: AbortSignal;
  readonly tell: (event: WatchEvent) => void;
}

export function watchConditions({ run, scope, applies, knowsHearing, signal, tell }: ConditionsContext): WatchConditions {
  const { outside } = run;
  const troubles = troublesOfWatching();
  let told = new Map<string, Condition>();
  /** Of these, the ones that are on no record: a process that keeps nothing remembers them itself. */
  let own: readonly Condition[] = [];
  const news = (one: ConditionNews, isKept: boolean) => tell({ event: 'condition', news: one, isKept });

  const keep = async (judged: JudgedPass, now: Instant): Promise<readonly ConditionNews[]> => {
    if (!applies || !keepsMore(outside, scope, judged, now)) return [];
    const wish = lockWishOf(run, 'watch', signal, () => {});
    const done = await underLock(outside, scope, wish, () => keepConditions(outside, scope, judged, now));
    if (done.result !== 'done') return [];
    for (const diagnostic of done.value.diagnostics) tell({ event: 'said', diagnostic });
    return done.value.news;
  };

  return {
    async judge(seen) {
      const now = outside.clock.now();
      const judged: JudgedPass = {
        ...seen,
        diagnostics: [...(seen.diagnostics ?? []), ...troubles.now(now)],
        passed: knowsHearing ? ['listening'] : [],
      };
      const changed = await keep(judged, now);
      const stands = standingConditions(outside, scope, judged, now, own);
      const after = new Map(stands.conditions.map((condition) => [conditionKey(condition), condition]));
      const over = new Map(
        [...changed, ...stands.news].flatMap((one) => (one.status === 'cleared' ? [[conditionKey(one.condition), one.because]] : [])),
      );
      const unkept = new Set(own.map(conditionKey));
      for (const [key, condition] of told)
        if (!after.has(key)) news({ status: 'cleared', condition, because: over.get(key) ?? 'passed' }, !unkept.has(key));
      for (const [key, condition] of after) {
        const before = told.get(key);
        if (before === undefined) news({ status: 'raised', condition }, stands.isKept(condition));
        else if (!isSameCondition(before, condition)) news({ status: 'changed', condition }, stands.isKept(condition));
      }
      told = after;
      own = stands.conditions.filter((condition) => !stands.isKept(condition));
    },
    kept(all) {
      for (const one of all) {
        const key = conditionKey(one.condition);
        if (one.status === 'cleared') told.delete(key);
        else told.set(key, one.condition);
        news(one, true);
      }
    },
    heard: troubles.heard,
  };
}

/** What watching itself has to say: folders that are not heard of, and repairs that somebody undoes. */
function troublesOfWatching() {
  let deafness: Diagnostic | undefined;
  const fights = new Map<string, { readonly until: Instant; readonly diagnostic: Diagnostic }>();
  return {
    heard(event: WatchEvent): void {
      if (event.event === 'hearing') deafness = event.deaf.size === 0 ? undefined : deafnessOf(event);
      if (event.event === 'backoff' && event.backoff.why === 'came-back' && event.backoff.address !== null)
        fights.set(event.backoff.address, { until: event.until, diagnostic: fightOf(event.backoff, event.until) });
    },
    now(now: Instant): readonly Diagnostic[] {
      for (const [address, { until }] of fights) if (now >= until) fights.delete(address);
      return [...(deafness ? [deafness] : []), ...[...fights.values()].map(({ diagnostic }) => diagnostic)];
    },
  };
}

const deafnessOf = ({ deaf, interval }: Extract<WatchEvent, { event: 'hearing' }>): Diagnostic => ({
  code: 'watch-degraded',
  severity: 'warning',
  message: deafSentence(deaf, interval),
  hint: 'raise fs.inotify.max_user_watches or max_user_instances (sysctl), or watch with --poll',
});

const fightOf = ({ address, code, file, times }: Backoff, until: Instant): Diagnostic => ({
  code: 'not-converging',
  severity: 'error',
  address: address ?? undefined,
  message: `${address} was put right ${times === 1 ? 'once' : `${times} times`} and is otherwise again (${[code, file].filter(Boolean).join(', ')}): left alone until ${formatInstant(until)}`,
  hint: 'find out which program writes the file, and stop it or change the desired state',
});
