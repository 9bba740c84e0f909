/** What the YAML says of the key. All of it is open: where it is silent, what exists is fine. */
import { holdsPrivateKey } from '../domain/desired-state.ts';
import type { KeyFacts } from '../domain/keys.ts';
import { type CheckContext, certificateOf, type Found, unequal } from './check-context.ts';

const publicKeyOf = (context: CheckContext) => certificateOf(context)?.publicKey ?? keyOf(context);
const keyOf = ({ view }: CheckContext): KeyFacts | undefined =>
  view.reference.key.state === 'present' ? view.reference.key.facts : undefined;

export function findKeyAlgorithm(context: CheckContext): readonly Found[] {
  const [key, wanted] = [publicKeyOf(context), context.view.desired.privateKey?.algorithm];
  return key && wanted ? unequal(key.algorithm, wanted) : [];
}

/** Sizes of different algorithms do not compare; the algorithm's own row speaks then. */
export function findKeySize(context: CheckContext): readonly Found[] {
  const [key, wanted] = [publicKeyOf(context), context.view.desired.privateKey];
  if (!key || wanted?.size === undefined || (wanted.algorithm !== undefined && wanted.algorithm !== key.algorithm)) return [];
  return unequal(String(key.size), String(wanted.size));
}

export function findEncoding({ view }: CheckContext): readonly Found[] {
  const wanted = view.desired.privateKey?.encoding;
  if (wanted === undefined) return [];
  return view.files.flatMap(({ desired, observed }) =>
    holdsPrivateKey(desired.role) && observed.state === 'read'
      ? observed.content.keys.flatMap((key) => unequal(key.encoding, wanted)).map((found) => ({ ...found, file: desired.path }))
      : [],
  );
}
