/** What is in a file, whatever it should be: its certificates, and of its key what may be known. Nothing secret is in any result. */
import type { FilePart, FileParts } from '../domain/looked-file.ts';
import { isCertificateBlock, isParameterBlock, nameByBeginning, nameOfBlock } from '../formats/content-kind.ts';
import { type PemBlock, readPem } from '../formats/pem.ts';
import { encryptedDerKey, nameOfDer } from '../x509/der-kind.ts';
import { isKeyLabel, readPrivateKey } from '../x509/read-private-key.ts';
import type { FactsCache } from './facts-cache.ts';

/** Takes a file apart. `sha256` is the hash of `bytes`; what was decoded of anything but certificates is wiped. */
export function partsOf(bytes: Uint8Array, sha256: string, cache: FactsCache): FileParts {
  if (bytes.length === 0) return { ok: false, problem: 'empty', cause: 'the file is empty' };
  const { blocks, faults } = readPem(bytes);
  try {
    if (faults.length > 0) return { ok: false, problem: 'unparsable', cause: faults.join('; ') };
    if (blocks.length === 0) return withoutPem(bytes);
    const counted = blocks.filter((block) => !isParameterBlock(block));
    const keys = counted.filter(({ label }) => isKeyLabel(label));
    return { ok: true, parts: counted.map((block) => partOf(block, keys.length === 1, sha256, cache)) };
  } finally {
    for (const block of blocks) if (!isCertificateBlock(block)) block.der.fill(0);
  }
}

function partOf(block: PemBlock, isOnlyKey: boolean, sha256: string, cache: FactsCache): FilePart {
  if (isCertificateBlock(block)) return { kind: 'certificate', der: ownCopy(block.der) };
  if (!isKeyLabel(block.label)) return { kind: 'other', name: nameOfBlock(block) };
  return { kind: 'key', name: nameOfBlock(block), key: isOnlyKey ? cache.privateKey(sha256, () => readPrivateKey(block)) : null };
}

/** What was decoded lies in memory that Node shares out among buffers: whoever keeps a certificate would keep what lies beside it too. */
function ownCopy(octets: Uint8Array): Uint8Array {
  const copy = Buffer.allocUnsafeSlow(octets.length);
  copy.set(octets);
  return copy;
}

function withoutPem(bytes: Uint8Array): FileParts {
  const name = nameOfDer(bytes) ?? nameByBeginning(bytes);
  if (name === encryptedDerKey) return { ok: false, problem: 'encrypted', cause: name };
  if (name !== undefined) return { ok: false, problem: 'wrong-kind', cause: name };
  const cause = bytes.every((octet) => octet === 0) ? 'nothing but zero octets' : 'no PEM block in it';
  return { ok: false, problem: 'unparsable', cause };
}
