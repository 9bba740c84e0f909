/**
 * What tells a saved plan from the one that is made of the same host now: the list that a person reads when a plan is stale.
 * Compared are facts. Sentences, places, files of the YAML, times and versions may be others, and so may what was noted of things that stay.
 */
import type { PlanJson } from './plan-json.ts';
import { someOf } from './some-of.ts';

type ChangeJson = PlanJson['changes'][number];
type FileFacts = PlanJson['preconditions'][number];

/** Half sentences, the causes before what follows from them; empty where it is the same plan. */
export function planDifferences(saved: PlanJson, fresh: PlanJson): readonly string[] {
  const found = [
    ...placeDifferences(saved, fresh),
    ...fileDifferences(saved.preconditions, fresh.preconditions),
    ...desiredDifferences(saved, fresh),
    ...changeDifferences(saved, fresh),
    ...reloadDifferences(saved, fresh),
  ];
  return found.length > 0 || saved.id === fresh.id ? found : [...editedFiles(saved, fresh), ...otherPlan(saved, fresh)];
}

/** Whether two plans do the same to every resource, consents apart: what is held back only for the want of one is done the same once it is given. */
export const doTheSame = (saved: PlanJson, fresh: PlanJson): boolean => {
  const facts = ({ changes }: PlanJson) =>
    JSON.stringify(
      changes
        .filter(({ action }) => action !== 'noop')
        .map((change) => JSON.stringify({ ...factsOf(change), blocked: null }))
        .sort(),
    );
  return saved.id === fresh.id && facts(saved) === facts(fresh);
};

/** Which machine, and which of its disks: nothing else is worth comparing where these differ. */
export function placeDifferences(saved: Pick<PlanJson, 'host'>, fresh: Pick<PlanJson, 'host'>): readonly string[] {
  return [
    ...(saved.host.name === fresh.host.name ? [] : [`it was made for the host ${saved.host.name}, and this is ${fresh.host.name}`]),
    ...(saved.host.root === fresh.host.root ? [] : [`it was made under the root ${saved.host.root}, and this is ${fresh.host.root}`]),
  ];
}

function fileDifferences(saved: readonly FileFacts[], fresh: readonly FileFacts[]): readonly string[] {
  const now = new Map(fresh.map((file) => [file.path, file]));
  return saved.flatMap((was) => {
    const is = now.get(was.path);
    // What no decision rests on any more is told by the decision.
    const how = is && howFileDiffers(was, is);
    return how === undefined ? [] : [`${was.path} (${how})`];
  });
}

const short = (hash: string | null): string => hash?.slice(0, 12) ?? 'unknown';

function howFileDiffers(was: FileFacts, is: FileFacts): string | undefined {
  if (was.exists !== is.exists) return was.exists ? 'is gone' : 'was absent, and is there now';
  const parts: string[] = [];
  if (was.serial !== is.serial) parts.push(`serial ${short(was.serial)} -> ${short(is.serial)}`);
  if (was.spki_sha256 !== is.spki_sha256) parts.push(`key ${short(was.spki_sha256)} -> ${short(is.spki_sha256)}`);
  const content = ({ kind, sha256, certificates_sha256: certificates }: FileFacts) => JSON.stringify([kind, sha256, certificates]);
  if (parts.length === 0 && content(was) !== content(is)) parts.push('content');
  if (was.mode !== is.mode) parts.push(`mode ${was.mode ?? 'unknown'} -> ${is.mode ?? 'unknown'}`);
  if (was.uid !== is.uid || was.gid !== is.gid) parts.push(`owner ${was.uid}:${was.gid} -> ${is.uid}:${is.gid}`);
  return parts.length === 0 ? undefined : parts.join(', ');
}

/** What the YAML wants of each resource, and which of its files were edited. */
function desiredDifferences(saved: PlanJson, fresh: PlanJson): readonly string[] {
  const wishes = ({ changes }: PlanJson) => new Map(changes.map(({ address, desired_sha256: hash }) => [address, hash]));
  const [was, is] = [wishes(saved), wishes(fresh)];
  const added = [...is.keys()].filter((address) => !was.has(address));
  const removed = [...was.keys()].filter((address) => !is.has(address));
  const other = [...was].filter(([address, hash]) => is.has(address) && is.get(address) !== hash).map(([address]) => address);
  const parts = [
    ...(other.length > 0 ? [`other wishes for ${someOf(other)}`] : []),
    ...(added.length > 0 ? [`new: ${someOf(added)}`] : []),
    ...(removed.length > 0 ? [`gone: ${someOf(removed)}`] : []),
  ];
  if (parts.length === 0) return [];
  const [first = 'the desired state', ...more] = editedFiles(saved, fresh);
  return [`${first} (${parts.join('; ')})`, ...more];
}

/** `pki.yaml was edited`; a file that has only moved is the same file. */
function editedFiles(saved: PlanJson, fresh: PlanJson): readonly string[] {
  const known = new Set(saved.config.sources.map(({ sha256 }) => sha256));
  const edited = fresh.config.sources.filter(({ sha256 }) => !known.has(sha256));
  return edited.length === 0 ? [] : [`${someOf(edited.map(({ path }) => path))} ${edited.length === 1 ? 'was' : 'were'} edited`];
}

function changeDifferences(saved: PlanJson, fresh: PlanJson): readonly string[] {
  const was = new Map(saved.changes.map((change) => [change.address, change]));
  const is = new Map(fresh.changes.map((change) => [change.address, change]));
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((address) => {
    const how = howChangeDiffers(was.get(address), is.get(address));
    return how === undefined ? [] : [`${address}: ${how}`];
  });
}

function howChangeDiffers(was: ChangeJson | undefined, is: ChangeJson | undefined): string | undefined {
  const [before, now] = [was?.action ?? 'noop', is?.action ?? 'noop'];
  if (before === 'noop' && now === 'noop') return undefined;
  if (!was || before === 'noop') return `${now} would be done, and was not planned${because(is)}`;
  if (!is || now === 'noop') return `${before} was planned, and nothing is to be done any more`;
  if (before !== now) return `${before} was planned, and ${now} would be done${because(is)}`;
  if (JSON.stringify(factsOf(was)) === JSON.stringify(factsOf(is))) return undefined;
  if (was.blocked === null && is.blocked !== null) return `${now} would be blocked (${is.blocked.code})`;
  if (was.blocked !== null && is.blocked === null) return `${now} was blocked (${was.blocked.code}), and would be done`;
  return `${now} would be done otherwise${because(is)}`;
}

function reloadDifferences(saved: PlanJson, fresh: PlanJson): readonly string[] {
  const [was, is] = [reloadFacts(saved), reloadFacts(fresh)];
  return [
    ...[...is.keys()]
      .filter((service) => !was.has(service))
      .map((service) => `service/${service}: reload would be done, and was not planned`),
    ...[...was].flatMap(([service, facts]) => {
      if (!is.has(service)) return [`service/${service}: reload was planned, and nothing is to be done any more`];
      return is.get(service) === facts ? [] : [`service/${service}: reload would be done otherwise`];
    }),
  ];
}

/** As the id counts them: why a service is told, and what it was seen to serve, is left out. */
const reloadFacts = ({ reloads }: PlanJson): ReadonlyMap<string, string> =>
  new Map(reloads.map(({ service, argv, static_pod: pod, when }) => [service, JSON.stringify([argv, pod, when])]));

const because = (change: ChangeJson | undefined): string =>
  change === undefined || change.reasons.length === 0 ? '' : ` (${someOf([...new Set(change.reasons.map(({ code }) => code))])})`;

/** All that was decided, and what was seen that it was decided from. */
function factsOf(change: ChangeJson) {
  const { address, action, key, blocked, replaces, reasons, issuer, depends_on, before, after, files, services, consent } = change;
  return {
    address,
    action,
    key,
    blocked: blocked && [blocked.by, blocked.code, blocked.detail, blocked.confirm],
    replaces: [replaces.key, replaces.certificate, replaces.trust_anchor],
    reasons: reasons.map(({ code, paths, file, because_of, observed, desired, added, removed, kept, forces }) => [
      ...[code, paths, file, because_of, observed, desired],
      ...[added, removed, kept, forces],
    ]),
    issuer,
    depends_on,
    before: before && summaryFacts(before),
    after: after && summaryFacts(after),
    installed_from: change.installed_from && [change.installed_from.certificate, change.installed_from.private_key],
    lasts: [change.duration, change.renew_before],
    files: files.map((file) => [
      file.path,
      file.role,
      file.copy,
      file.action,
      stateFacts(file.before),
      stateFacts(file.after),
      file.new_folders,
    ]),
    // What is clipped, and to which day, the clock of the apply decides.
    effects: change.effects.filter(({ code }) => code !== 'validity-clipped').map(({ code, detail }) => [code, detail]),
    services: services.map(({ service, argv, static_pod: pod, when }) => [service, argv, pod, when]),
    consent: consent?.confirm ?? null,
    desired: change.desired_sha256,
  };
}

const stateFacts = ({ exists, mode, uid, gid }: ChangeJson['files'][number]['before']) => [exists, mode, uid, gid];

function summaryFacts(summary: NonNullable<ChangeJson['before']>) {
  const { subject, issuer, names, usages, ca, path_length, not_before, not_after, serial, fingerprint_sha256, key } = summary;
  const ofKey = key && [key.algorithm, key.size, key.spki_sha256];
  return [subject, issuer, names, usages, ca, path_length, not_before, not_after, serial, fingerprint_sha256, ofKey];
}

const otherPlan = (saved: PlanJson, fresh: PlanJson): readonly string[] => [
  `what would be done is plan ${short(fresh.id.replace('sha256:', ''))}, not ${short(saved.id.replace('sha256:', ''))}`,
];
