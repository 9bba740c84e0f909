/** What becomes of a random desired state: pairs that are brought along, accidents that befall its files, edits of its text. */
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type DesiredResource, type FileRole, filesOf, holdsPrivateKey, isAuthority } from '../../src/domain/desired-state.ts';
import { days, minutes } from '../../src/domain/time.ts';
import { encodePrivateKey, privateKeyPem } from '../../src/x509/key-encoding.ts';
import { authorityWith, rootIssuance } from './issuances.ts';
import { type BroughtPair, movedTo, type RandomState, yamlOf } from './random-desired-states.ts';

export const pairs: readonly BroughtPair[] = await Promise.all(
  ([{ algorithm: 'ECDSA', size: 384 }, { algorithm: 'Ed25519' }, { algorithm: 'ECDSA', size: 521 }] as const).map(async (spec, index) => {
    const commonName = `Brought along ${index}`;
    const what = rootIssuance({ subject: { commonName }, duration: days(4000), backdate: minutes(5) });
    const authority = await authorityWith(spec, what, Math.floor(Date.now() / 1000) as never);
    const der = Buffer.from(authority.certificate.der).toString('base64').replace(/.{64}/g, '$&\n').trimEnd();
    return {
      commonName,
      certificatePem: `-----BEGIN CERTIFICATE-----\n${der}\n-----END CERTIFICATE-----\n`,
      keyPem: privateKeyPem(encodePrivateKey(authority.privateKey, 'PKCS8')).toString(),
    };
  }),
);

/** Puts the pairs of a state where it expects them. */
export function bringAlong(root: string, { brought }: RandomState): void {
  for (const { path, pem, pair } of brought) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), (pairs[pair] as BroughtPair)[pem], { mode: 0o600 });
  }
}

/** Something that happens to a file of a certificate: what it does, and to which files. */
interface Accident {
  readonly name: string;
  readonly hits: (role: FileRole) => boolean;
  readonly befall: (path: string) => void;
}
const accidents: readonly Accident[] = [
  { name: 'removed', hits: () => true, befall: (path) => rmSync(path) },
  { name: 'emptied', hits: () => true, befall: (path) => writeFileSync(path, '') },
  { name: 'cut short', hits: () => true, befall: (path) => writeFileSync(path, readFileSync(path).subarray(0, -100)) },
  { name: 'writable by all', hits: () => true, befall: (path) => chmodSync(path, 0o666) },
  { name: 'given a further key', hits: holdsPrivateKey, befall: (path) => writeFileSync(path, `${readFileSync(path)}${pairs[0]?.keyPem}`) },
  { name: 'replaced by a foreign key', hits: holdsPrivateKey, befall: (path) => writeFileSync(path, pairs[1]?.keyPem ?? '') },
  {
    name: 'replaced by a foreign certificate',
    hits: (role) => role !== 'privateKey',
    befall: (path) => writeFileSync(path, pairs[2]?.certificatePem ?? ''),
  },
];

/** Befalls one file of one certificate that is kept in full, and tells what was done; undefined where there is none. */
export function strike(resources: readonly DesiredResource[], dice: number): string | undefined {
  const files = resources
    .filter((resource) => !isAuthority(resource))
    .flatMap((resource) => filesOf(resource))
    .filter(({ path }) => existsSync(path));
  const file = files[dice % Math.max(1, files.length)];
  const accident = accidents.filter(({ hits }) => file && hits(file.role))[Math.floor(dice / 64) % accidents.length] ?? accidents[0];
  if (!file || !accident) return undefined;
  accident.befall(file.path);
  return `${file.path} (${file.role}) was ${accident.name}`;
}

/** Changes of the text that must be carried out, each on one resource. */
// biome-ignore format: table
const edits: readonly { readonly name: string; readonly of: 'authorities' | 'certificates'; readonly make: (fields: Record<string, unknown>) => object }[] = [
  { name: 'a further DNS name', of: 'certificates', make: ({ dnsNames }) => ({ dnsNames: [...((dnsNames as string[]) ?? []), 'new.example.com'] }) },
  { name: 'another common name', of: 'certificates', make: () => ({ commonName: 'Renamed' }) },
  { name: 'another kind of key', of: 'certificates', make: ({ privateKey }) => ({ privateKey: { algorithm: (privateKey as { algorithm?: string })?.algorithm === 'Ed25519' ? 'ECDSA' : 'Ed25519' } }) },
  { name: 'other usages', of: 'certificates', make: () => ({ profile: undefined, usages: ['data encipherment', 'ocsp signing'] }) },
  { name: 'a further copy', of: 'certificates', make: () => ({ copies: [{ certificate: '/further/${name}.pem', chain: '/further/${name}.chain' }] }) },
  { name: 'another issuer', of: 'certificates', make: ({ issuer }) => ({ issuer: issuer === 'authority-0' ? 'authority-9' : 'authority-0' }) },
  { name: 'another kind of key of an authority', of: 'authorities', make: ({ privateKey }) => ({ privateKey: { algorithm: (privateKey as { algorithm?: string })?.algorithm === 'Ed25519' ? 'ECDSA' : 'Ed25519' } }) },
  { name: 'another name of an authority', of: 'authorities', make: () => ({ commonName: 'Renamed authority' }) },
  { name: 'a further DNS name of an authority', of: 'authorities', make: ({ dnsNames }) => ({ dnsNames: [...((dnsNames as string[]) ?? []), 'new.example.com'] }) },
  { name: 'other usages of an authority', of: 'authorities', make: () => ({ usages: ['cert sign', 'content commitment'] }) },
  { name: 'other name constraints', of: 'authorities', make: () => ({ nameConstraints: { excluded: { dnsDomains: ['other.invalid'] } } }) },
];

/** One of the edits, on one resource; undefined where there is none to make it on. */
export function edited(
  { document }: RandomState,
  dice: number,
  prefix: string,
): { readonly name: string; readonly yaml: string } | undefined {
  const edit = edits[dice % edits.length] as (typeof edits)[number];
  const names = Object.keys(document[edit.of]).filter((name) => name.includes('-'));
  const name = names[Math.floor(dice / edits.length) % Math.max(1, names.length)];
  if (name === undefined) return undefined;
  const fields = document[edit.of][name] as Record<string, unknown>;
  const changed = Object.fromEntries(
    Object.entries({ ...fields, ...movedTo(edit.make(fields), prefix) }).filter(([, value]) => value !== undefined),
  );
  const further = { 'authority-9': { commonName: 'Authority 9', files: { certificate: '/pki/9.crt', privateKey: '/pki/9.key' } } };
  const section = { ...document[edit.of], [name]: changed };
  const authorities = {
    ...(edit.of === 'authorities' ? section : document.authorities),
    ...(edit.name === 'another issuer' ? movedTo(further, prefix) : {}),
  };
  return {
    name: `${edit.name} (${name})`,
    yaml: yamlOf({ ...document, authorities, ...(edit.of === 'certificates' ? { certificates: section } : {}) }),
  };
}
