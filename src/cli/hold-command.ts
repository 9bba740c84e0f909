import type { Diagnostic } from '../domain/diagnostic.ts';
import { type Address, matchesPattern, nearest } from '../domain/names.ts';
import { later } from '../domain/time.ts';
import type { Scope } from '../reconcile/environment.ts';
import { setHolds } from '../reconcile/holds.ts';
import { loadDesiredState } from '../reconcile/load-desired-state.ts';
import { recordsOf } from '../reconcile/plan-pass.ts';
import { heldText } from '../report/hold-text.ts';
import { holdTimeFrom } from './hold-time.ts';
import { holding, whoRuns } from './holding.ts';
import { refuse } from './refusals.ts';
import type { Command, Run } from './run.ts';
import { givenFlags, scopeOf } from './scope.ts';
import { UsageError } from './usage-error.ts';

/** `certstate hold ADDRESS... --for 4h --reason TEXT`: nothing changes these until then. */
export const holdCommand: Command = async (run) => {
  const { options, outside } = run;
  const scope = scopeOf(run);
  if (options.for === undefined) throw new UsageError('a hold needs an end', 'say how long: --for 4h');
  const time = holdTimeFrom(options.for);
  const reason = reasonFrom(options.reason);
  const named = addressesOf(run, scope);
  if ('refused' in named) return named.refused;
  return holding(
    run,
    scope,
    () => {
      const now = outside.clock.now();
      const by = whoRuns(run);
      const wanted = named.addresses.map((address) => ({ address, since: now, until: later(now, time), reason, by }));
      const { set, replaced, diagnostics } = setHolds(outside, scope, wanted, now);
      return { held: set, replaced, released: [], notHeld: [], diagnostics: [...named.diagnostics, ...diagnostics] };
    },
    (changed, style) => heldText(changed, outside.clock.now(), givenFlags(options).flags, style),
  );
};

const longestReason = 200;

function reasonFrom(text: string | undefined): string {
  const reason = text?.trim() ?? '';
  if (reason === '') throw new UsageError('a hold needs a reason', 'say why, for whoever comes upon it: --reason "compaction runs"');
  if (/\p{Cc}/u.test(reason))
    throw new UsageError('--reason holds a line break or another control character', 'a few words on one line are enough');
  if (reason.length > longestReason)
    throw new UsageError(`--reason is longer than ${longestReason} characters`, 'a few words are enough; a ticket number says the rest');
  return reason;
}

/**
 * The resources of the desired state that are named, patterns too. While its text is broken, those that were applied before: that is when somebody may
 * want hands off most.
 */
function addressesOf(
  run: Run,
  scope: Scope,
):
  | { readonly addresses: readonly Address[]; readonly diagnostics: readonly Diagnostic[] }
  | { readonly refused: ReturnType<typeof refuse> } {
  const { outside } = run;
  const now = outside.clock.now();
  const { state, texts, diagnostics } = loadDesiredState({ ...scope, reader: outside.reader, now, process: outside.process });
  const known = state ? state.resources.map(({ address }) => address) : [...recordsOf(outside.reader, scope).records.manifest.keys()];
  const words = run.arguments.map((word) => ({ word, fits: known.filter((address) => matchesPattern(address, word)) }));
  const unknown = words.find(({ fits }) => fits.length === 0)?.word;
  if (unknown !== undefined && !state) return { refused: refuse(run, diagnostics, texts, 'nothing was put on hold') };
  if (unknown !== undefined) throw unknownAddress(unknown, known);
  return { addresses: [...new Set(words.flatMap(({ fits }) => fits))], diagnostics: state ? [] : [fromRecords(scope)] };
}

const fromRecords = ({ paths }: Scope): Diagnostic => ({
  code: 'desired-state-broken',
  severity: 'warning',
  message: `${paths.join(', ')} cannot be used: what may be held is what was applied before`,
  hint: 'certstate validate says what is wrong with it',
});

function unknownAddress(word: string, known: readonly Address[]): UsageError {
  const meant = nearest(word, known);
  return new UsageError(
    `nothing in the desired state has the address ${word}`,
    meant ? `did you mean ${meant}?` : `it has ${known.slice(0, 8).join(', ')}`,
    word,
  );
}
