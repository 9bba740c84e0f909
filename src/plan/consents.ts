/** What only a person may decide: `--confirm ADDRESS` lifts these, and nothing else does. */
import type { Blocked } from '../domain/plan.ts';
import { type BlockContext, type BlockRule, block } from './block-context.ts';
import { isUnknowable } from './problem-checks.ts';

const rules: readonly BlockRule[] = [foreignContent, keyOfUnknownOrigin, tornAuthority, trustAnchorMade, protectedKey];

/** The first consent that a change needs, whether or not it was given; null where it needs none. */
export function consentFor(context: BlockContext): Blocked | null {
  if (context.action === 'none') return null;
  for (const rule of rules) {
    const found = rule(context);
    if (found) return { ...found, confirm: context.view.desired.address };
  }
  return null;
}

/** Garbage in a place where we never wrote may be somebody's only copy of something. */
function foreignContent({ view, entry }: BlockContext): Blocked | null {
  const file = view.problems.find(({ observed, desired }) => !isUnknowable[observed.problem] && entry?.written[desired.path] === undefined);
  return view.desired.kind === 'cert' && file
    ? block('not-ours', file.observed.problem, `${file.desired.path}: ${file.observed.cause}`)
    : null;
}

function keyOfUnknownOrigin({ view, codes, provided }: BlockContext): Blocked | null {
  const { key } = view.reference;
  if (view.desired.kind !== 'ca' || !codes.has('certificate-missing') || provided.state === 'read' || key.state === 'absent') return null;
  return block('not-ours', 'key-of-unknown-origin', key.path);
}

function tornAuthority({ view, codes }: BlockContext): Blocked | null {
  const { kind, address } = view.desired;
  return kind === 'ca' && codes.has('key-mismatch') ? block('not-ours', 'authority-pair-mismatch', address) : null;
}

/** Nobody but a person creates or replaces a trust anchor. */
function trustAnchorMade({ view, action, trustAnchor }: BlockContext): Blocked | null {
  const { kind, address } = view.desired;
  return kind === 'ca' && (action === 'create' || trustAnchor) ? block('protect', 'needs-confirmation', address) : null;
}

/** A protected leaf keeps its key until a person says otherwise; that it is renewed in time is what it is protected for. */
function protectedKey({ view, action, newKey }: BlockContext): Blocked | null {
  const { desired, reference } = view;
  const replacesKey = newKey && reference.key.state === 'present' && action === 'rekey';
  return desired.protect && replacesKey
    ? block('protect', 'protected', desired.address, desired.places.get('protect') ?? desired.place)
    : null;
}
