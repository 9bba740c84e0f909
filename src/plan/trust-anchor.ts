/** When an authority's change is one that everybody who trusts it must hear of: another key, another name, or tighter constraints. */
import type { Difference } from '../domain/plan.ts';
import { type CheckContext, certificateOf } from './check-context.ts';
import { tightensConstraints } from './name-constraints.ts';
import { issues, type Remedy } from './remedies.ts';

/** True for an authority that exists and would get a new key or subject, or constraints under which what it signed may fail. */
export function replacesTrustAnchor(context: CheckContext, action: Remedy, newKey: boolean, differences: readonly Difference[]): boolean {
  if (context.view.desired.kind !== 'ca' || !issues(action) || action === 'create') return false;
  const existed = certificateOf(context) !== undefined || context.view.reference.key.state === 'present';
  return existed && (newKey || differences.some(changesTrust));
}

/** RFC 5280 §4.2.1.9 and §4.2.1.10: less depth, or fewer names. What is only loosened breaks nobody. */
function changesTrust(difference: Difference): boolean {
  const { code, observed, desired } = difference;
  switch (code) {
    case 'subject':
    case 'provided-differs':
    // What was no authority becomes one: nobody but a person makes a trust anchor.
    case 'basic-constraints':
      return true;
    case 'path-length':
      return desired !== 'none' && (observed === 'none' || Number(desired) < Number(observed));
    case 'name-constraints':
      return tightensConstraints(difference);
    default:
      return false;
  }
}
