/** Carries a plan out on a disk of facts, as apply would: so that a second plan can be asked whether anything is left to do. */
import type { DesiredResource } from '../../src/domain/desired-state.ts';
import { fileRoles, holdsPrivateKey } from '../../src/domain/desired-state.ts';
import type { KeyFacts } from '../../src/domain/keys.ts';
import type { Issuance, KeySource } from '../../src/domain/material.ts';
import type { Address } from '../../src/domain/names.ts';
import type { CertificateFacts, FileContent, ObservedFile } from '../../src/domain/observed-state.ts';
import { type Change, isPending, type Plan } from '../../src/domain/plan.ts';
import { earlier, earliest, endOfTime, later, latest } from '../../src/domain/time.ts';
import { certificateFor, type Half, key, planOf, readFile, status, type World } from './plan-world.ts';

let keysMade = 0;

/** The world after every change that is not blocked; throws where the plan leaves out what apply needs. */
export function carriedOut(before: World, plan: Plan): World {
  const disk = new Map(before.disk);
  const made = new Map<Address, Half>();
  for (const change of plan.changes.filter(isPending)) {
    if (change.action === 'forget') continue;
    const desired = before.resources.find(({ address }) => address === change.address);
    if (!desired) throw new Error(`${change.address} is not desired`);
    carryOut(desired, change, disk, made, before);
  }
  // A request that was fulfilled is over; one that is blocked goes on.
  const open = (requests: readonly Address[] | undefined) =>
    (requests ?? []).filter((request) => plan.changes.some(({ address, blocked }) => address === request && blocked));
  return { ...before, disk, options: { ...before.options, renew: open(before.options.renew), rekey: open(before.options.rekey) } };
}

/** The plan after the plan: everything that is still to be done when all that could be done has been done. */
export const planAfter = (before: World, plan = planOf(before)): Plan => planOf(carriedOut(before, plan));

function carryOut(
  desired: DesiredResource,
  change: Change,
  disk: Map<string, ObservedFile>,
  made: Map<Address, Half>,
  { now }: World,
): void {
  const { material } = change;
  if (!material) throw new Error(`${change.address} is to change, and nothing says with what`);
  const privateKey = keyFrom(material.key, disk);
  const source = material.certificate;
  const certificate =
    source.from === 'file'
      ? find(disk, source.path, ({ certificates }) => certificates.find(({ sha256 }) => sha256 === source.sha256))
      : issued(desired, source.issuance, privateKey, disk, made, now);
  if (privateKey) made.set(change.address, { key: privateKey, certificate });
  const others = material.generations.map(({ path, sha256 }) =>
    find(disk, path, ({ certificates }) => certificates.find((found) => found.sha256 === sha256)),
  );
  let below = certificate;
  const chain = material.chain.map(({ address, certificate: path }) => {
    const candidates = [made.get(address)?.certificate, ...find(disk, path, ({ certificates }) => certificates)];
    const above = candidates.find((candidate) => candidate?.publicKey.spkiSha256 === below.authorityKeyIdentifier);
    if (!above) throw new Error(`nothing in ${path} signed what is below it`);
    below = above;
    return above;
  });
  for (const file of [...change.files].sort((left, right) => fileRoles.indexOf(left.role) - fileRoles.indexOf(right.role))) {
    const found = disk.get(file.path);
    const keeps = change.action === 'fix' && (file.action === 'chmod' || file.action === 'chown');
    const content: FileContent =
      keeps && found?.state === 'read'
        ? found.content
        : {
            certificates: {
              certificate: [certificate, ...others],
              privateKey: [],
              chain,
              fullChain: [certificate, ...chain],
              combined: [certificate, ...chain],
            }[file.role],
            keys: holdsPrivateKey(file.role) ? [needed(privateKey, `${file.path} needs a key`)] : [],
          };
    disk.set(
      file.path,
      readFile(file.path, content, status({ mode: 0o100000 | file.after.mode, uid: file.after.uid, gid: file.after.gid })),
    );
  }
}

function keyFrom(source: KeySource, disk: ReadonlyMap<string, ObservedFile>): KeyFacts | undefined {
  switch (source.from) {
    case 'nowhere':
      return undefined;
    case 'new': {
      keysMade += 1;
      return key(`made ${keysMade}`, {
        algorithm: source.spec.algorithm,
        size: 'size' in source.spec ? source.spec.size : 0,
        encoding: source.encoding,
      });
    }
    case 'file': {
      const found = find(disk, source.path, ({ keys }) => keys.find(({ spkiSha256 }) => spkiSha256 === source.spkiSha256));
      return { ...found, encoding: source.encoding ?? found.encoding };
    }
  }
}

function issued(
  desired: DesiredResource,
  issuance: Issuance,
  own: KeyFacts | undefined,
  disk: ReadonlyMap<string, ObservedFile>,
  made: ReadonlyMap<Address, Half>,
  now: World['now'],
): CertificateFacts {
  const publicKey = needed(own, `${desired.address} is issued for no key`);
  const { issuer } = issuance;
  const signer =
    issuer === 'self'
      ? undefined
      : (made.get(issuer.address) ??
        openPair(disk, issuer.certificate, needed(issuer.privateKey ?? undefined, `${issuer.address} has no key`)));
  const wanted = earliest(later(now, issuance.duration), endOfTime);
  return certificateFor(desired, publicKey, signer, {
    serial: `${keysMade}${publicKey.spkiSha256.slice(0, 30)}${now}`,
    subject: issuance.subject,
    names: { ...issuance.names, otherNames: [] },
    usages: issuance.usages,
    basicConstraints: issuance.authority ? { ca: true, pathLength: issuance.authority.pathLength } : undefined,
    notBefore: latest(earlier(now, issuance.backdate), signer?.certificate.notBefore ?? earlier(now, issuance.backdate)),
    notAfter: earliest(wanted, signer?.certificate.notAfter ?? wanted),
  });
}

function openPair(disk: ReadonlyMap<string, ObservedFile>, certificatePath: string, keyPath: string): Half {
  const certificates = find(disk, certificatePath, (content) => content.certificates);
  const own = find(disk, keyPath, ({ keys }) => keys[0]);
  const certificate = certificates.find(({ publicKey }) => publicKey.spkiSha256 === own.spkiSha256);
  return { key: own, certificate: needed(certificate, `the key in ${keyPath} belongs to nothing in ${certificatePath}`) };
}

function find<Part>(disk: ReadonlyMap<string, ObservedFile>, path: string, pick: (content: FileContent) => Part | undefined): Part {
  const found = disk.get(path);
  return needed(found?.state === 'read' ? pick(found.content) : undefined, `${path} does not hold what the plan says`);
}

function needed<Value>(value: Value | undefined, otherwise: string): Value {
  if (value === undefined) throw new Error(otherwise);
  return value;
}
