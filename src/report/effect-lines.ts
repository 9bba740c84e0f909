/** What a change means, and what is to be run after it. */
import type { Change } from '../domain/plan.ts';
import { isCascade } from './change-nature.ts';
import { effectSentences } from './effect-sentences.ts';
import { grouped } from './grouped.ts';
import { toRunText } from './shell-words.ts';

/** One sentence per kind of effect; `services-not-run` stands beside the commands it speaks of. */
function effectTexts(change: Change): readonly string[] {
  const told = change.findings.some(({ code }) => code === 'key-exposed');
  const kinds = grouped(change.effects, ({ code }) => code);
  return [...kinds].flatMap(([code, effects]) =>
    code === 'services-not-run' || (code === 'key-was-exposed' && told)
      ? []
      : [effectSentences[code](effects.map((effect) => effect.detail).join(', '), change)],
  );
}

export function effectLines(change: Change): readonly string[] {
  const said = effectTexts(change);
  const quiet = change.services.length === 0;
  switch (change.action) {
    case 'fix':
      return [['no new key, no new certificate', ...(quiet ? ['no service touched'] : []), ...said].join('; ')];
    case 'renew':
    case 'reissue':
      if (isCascade(change)) return said;
      return [
        [
          `key ${change.key === 'new' ? 'new' : 'kept'}`,
          ...(change.replaces.trustAnchor ? [] : ['trust unaffected']),
          ...said,
          ...(quiet ? ['no service to reload'] : []),
        ].join('; '),
      ];
    default:
      return said;
  }
}

/** What is to be run after the files are right, and whether this version runs it. */
export function thenLines(change: Change): readonly string[] {
  const { services, effects } = change;
  const notRun = effects
    .filter(({ code }) => code === 'services-not-run')
    .map(({ code, detail }) => `(${effectSentences[code](detail, change)})`);
  return services.length === 0 ? [] : [...services.map(toRunText), ...notRun];
}
