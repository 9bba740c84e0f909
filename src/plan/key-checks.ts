/** What the YAML says of the key. All of it is open: where it is silent, what exists is fine. */
import { holdsPrivateKey } from '../domain/desired-state.ts';
import type { KeyFacts } from '../domain/keys.ts';
import { type CheckContext, certificateOf, type Found, unequal } from './check-context.ts';
import { wantedChain } from './wanted-chain.ts';

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

/** A combined file is written as a whole, and so only where its chain is known. */
export function findEncoding(context: CheckContext): readonly Found[] {
  const wanted = context.view.desired.privateKey?.encoding;
  if (wanted === undefined) return [];
  return context.view.files.flatMap(({ desired: { role, path }, observed }) => {
    const isJudged = holdsPrivateKey(role) && observed.state === 'read' && (role === 'privateKey' || wantedChain(context) !== undefined);
    return isJudged ? observed.content.keys.flatMap((key) => unequal(key.encoding, wanted)).map((found) => ({ ...found, file: path })) : [];
  });
}
