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
  const { key: reference } = context.view.reference;
  if (wanted === undefined || reference.state === 'absent') return [];
  const counted = reference.facts.spkiSha256;
  return context.view.files.flatMap(({ desired: { role, path }, observed }) => {
    const isJudged = holdsPrivateKey(role) && observed.state === 'read' && (role === 'privateKey' || wantedChain(context) !== undefined);
    // Another key than the one that counts is not put into another form: nothing here could write it.
    const keys = isJudged ? observed.content.keys.filter(({ spkiSha256 }) => spkiSha256 === counted) : [];
    return keys.flatMap((key) => unequal(key.encoding, wanted)).map((found) => ({ ...found, file: path }));
  });
}
