/** What a change means for people and programs beyond the files. */
import type { Change, Effect } from '../domain/plan.ts';
import { formatDay, later } from '../domain/time.ts';
import type { BlockContext } from './block-context.ts';
import { durationOf } from './defaults.ts';
import { issues } from './remedies.ts';

/** In the order in which they matter. */
export function effectsOf(context: BlockContext, change: Change): readonly Effect[] {
  const { view, trustAnchor, action, now, options } = context;
  const { desired } = view;
  const effects: Effect[] = [];
  const add = (code: Effect['code'], detail: string) => effects.push({ code, detail });
  if (change.action === 'noop') return [];
  if (trustAnchor) add('new-trust-anchor', desired.address);
  else if (desired.kind === 'ca' && issues(action) && change.before) add('trust-anchor-renewed', desired.address);
  for (const difference of change.differences) {
    if (difference.code === 'subject' && difference.observed) add('subject-changed', difference.observed);
    for (const removed of difference.removed ?? []) {
      if (difference.code === 'usages') add('usage-removed', removed);
      else if (difference.code !== 'name-constraints') add('name-removed', removed);
    }
  }
  const wanted = later(now, durationOf(desired));
  if (issues(action) && context.provided.state !== 'read' && change.endsAbout !== null && change.endsAbout < wanted)
    add('validity-clipped', formatDay(change.endsAbout));
  for (const { file, observed } of change.differences.filter(({ code }) => code === 'private-key-mode'))
    if (Number.parseInt(observed ?? '0', 8) & 0o004) add('key-was-exposed', file ?? '');
  for (const file of view.files)
    if (file.observed.state === 'read' && file.observed.status.links > 1 && change.files.some(({ path }) => path === file.desired.path))
      add('hard-link-detached', file.desired.path);
  if (change.services.length > 0 && options.root !== '') add('services-not-run', 'under another root');
  return effects;
}
