/** Where the private key of a result comes from. */
import {
  type KeyAlgorithm,
  type KeyEncoding,
  type KeySpec,
  keyEncodings,
  keySizes,
  keySpecFor,
  type PublicKeyFacts,
} from '../domain/keys.ts';
import type { KeySource } from '../domain/material.ts';
import type { BlockContext } from './block-context.ts';

/** A new key, the one that is there (in another form, if the YAML asks for it), or none where none is kept or the change needs none. */
export function keySource({ view, newKey }: Pick<BlockContext, 'view' | 'newKey'>): KeySource {
  const { desired, reference, keepsKey } = view;
  const existing = reference.key.state === 'present' ? reference.key : undefined;
  if (!keepsKey) return { from: 'nowhere' };
  const encoding = desired.privateKey?.encoding;
  if (!newKey)
    return existing ? { from: 'file', path: existing.path, spkiSha256: existing.facts.spkiSha256, encoding } : { from: 'nowhere' };
  const certified = reference.certificate.state === 'present' ? reference.certificate.facts.publicKey : undefined;
  const spec = specFor(desired.privateKey, existing?.facts ?? certified);
  const forms: readonly KeyEncoding[] = keyEncodings[spec.algorithm];
  const kept = existing && forms.includes(existing.facts.encoding) ? existing.facts.encoding : undefined;
  return { from: 'new', spec, encoding: encoding ?? kept ?? 'PKCS8' };
}

/** What the YAML leaves open stays as it is where it can: a renewed RSA 4096 key does not turn into another kind because we like that better. */
function specFor(wanted: Parameters<typeof keySpecFor>[0], existing: PublicKeyFacts | undefined): KeySpec {
  const isSilent = wanted?.size === undefined && (wanted?.algorithm === undefined || wanted.algorithm === existing?.algorithm);
  return isSilent && existing && isOurs(existing) ? keySpecFor({ algorithm: existing.algorithm, size: existing.size }) : keySpecFor(wanted);
}

/** Whether we make such keys. */
const isOurs = (key: PublicKeyFacts): key is PublicKeyFacts & { readonly algorithm: KeyAlgorithm } =>
  key.algorithm === 'Ed25519' ||
  (Object.hasOwn(keySizes, key.algorithm) && (keySizes[key.algorithm as KeyAlgorithm] as readonly number[]).includes(key.size));
