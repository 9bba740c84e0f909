/** From what was read of a resource to what the rest of the program calls a desired authority or certificate. Nothing is filled in. */
import { type AlternativeNames, sortedSet } from '../domain/alternative-names.ts';
import { compact } from '../domain/compact.ts';
import {
  type DesiredAuthority,
  type DesiredCertificate,
  type DesiredFile,
  type DesiredResource,
  type FileSet,
  fileRoles,
  type HostTurn,
  holdsPrivateKey,
  type NameConstraints,
} from '../domain/desired-state.ts';
import type { Place } from '../domain/diagnostic.ts';
import { type KeyAlgorithm, type KeyEncoding, keyEncodings, keySizes } from '../domain/keys.ts';
import { profiles, sortUsages, type Usage } from '../domain/usages.ts';
import type { Policies } from '../domain/windows.ts';
import type { Located } from './field.ts';
import type { fieldPlacesReader } from './field-places.ts';
import type { ResourceReading } from './fields.ts';
import type { FilesReading, WrittenFile } from './file-fields.ts';
import type { ResourceSection } from './row.ts';

type Values = ResourceReading['values'];
type List<Value> = Located<readonly Located<Value>[]> | undefined;

/** What there is of these names; a name of nothing has been reported. */
const named = <Value>(names: NonNullable<List<string>>, known: ReadonlyMap<string, Value>): readonly Value[] =>
  plain(names).flatMap((name) => known.get(name) ?? []);

const plain = <Value>(list: List<Value>): readonly Value[] => compact(list?.value.map(({ value }) => value) ?? []);

interface ReadResource {
  readonly section: ResourceSection;
  readonly name: string;
  readonly place: Place;
  readonly reading: ResourceReading;
}

/** Undefined where something without which there is no resource is missing or wrong, which has been reported. */
export function buildResource(
  { section, name, place, reading }: ReadResource,
  { windows, gates, turn }: Policies & { readonly turn: HostTurn | undefined },
  placesOf: ReturnType<typeof fieldPlacesReader>,
): DesiredResource | undefined {
  const { values } = reading;
  const master = values.files && fileSet(values.files.value, values);
  if (!master) return undefined;
  const common = {
    name,
    place,
    places: placesOf(values, place.file),
    subject: subjectOf(values),
    names: namesOf(values),
    duration: values.duration?.value,
    warnBefore: values.warnBefore?.value,
    backdate: values.backdate?.value,
    privateKey: privateKeyOf(values),
    fileSets: [master, ...(values.copies?.value ?? []).map((copy) => fileSet(copy, values))] as const,
    manage: values.manage?.value,
    optional: values.optional?.value,
    protect: values.protect?.value,
    windows: values.windows && named(values.windows, windows),
    gates: values.gates && named(values.gates, gates),
    turn,
    accept: acceptedOf(values),
  };
  return section === 'authorities' ? { ...common, ...authorityPart(name, values) } : withCertificatePart(common, name, values);
}

type AuthorityPart = Omit<DesiredAuthority, Exclude<keyof DesiredCertificate, 'kind' | 'address' | 'issuer' | 'usages'>>;
type Common = Omit<DesiredCertificate, 'kind' | 'address' | 'issuer' | 'usages' | 'renewBefore' | 'services' | 'probe'>;

function authorityPart(name: string, values: Values): AuthorityPart {
  const provided = values.provided?.value.values;
  return {
    kind: 'ca',
    address: `ca/${name}`,
    issuer: values.issuer && `ca/${values.issuer.value}`,
    usages: usagesOf(values),
    pathLength: values.pathLength?.value,
    nameConstraints: values.nameConstraints && constraintsOf(values.nameConstraints.value.values),
    provided: provided?.certificate && {
      certificate: provided.certificate.value,
      privateKey: provided.privateKey?.value,
      place: provided.certificate.place,
    },
    external: values.external?.value,
    fingerprint: values.fingerprint?.value,
    trustedBy: plain(values.trustedBy),
  };
}

function withCertificatePart(common: Common, name: string, values: Values): DesiredCertificate | undefined {
  const usages = usagesOf(values);
  if (!values.issuer || !usages) return undefined;
  const probe = values.probe?.value.values;
  // The spread last: a property behind a copy gives each object a hidden class of its own (V8 11.3), 370 octets for each resource.
  return {
    kind: 'cert',
    address: `cert/${name}`,
    issuer: `ca/${values.issuer.value}`,
    usages,
    renewBefore: values.renewBefore?.value,
    services: plain(values.services),
    probe: probe?.tls && {
      tls: probe.tls.value,
      serverName: probe.serverName?.value,
      starttls: probe.starttls?.value,
      within: probe.within?.value,
    },
    ...common,
  };
}

function subjectOf({ commonName, subject }: Values): DesiredResource['subject'] {
  const fields = subject?.value.values;
  const lists = (
    ['organizations', 'organizationalUnits', 'countries', 'localities', 'provinces', 'streetAddresses', 'postalCodes'] as const
  ).flatMap((field) => {
    const found = plain(fields?.[field]);
    return found.length === 0 ? [] : [[field, found] as const];
  });
  return {
    ...(commonName && { commonName: commonName.value }),
    ...Object.fromEntries(lists),
    ...(fields?.serialNumber && { serialNumber: fields.serialNumber.value }),
  };
}

const namesOf = (values: Values): AlternativeNames => ({
  dnsNames: setOf(values.dnsNames),
  ipAddresses: setOf(values.ipAddresses),
  uris: setOf(values.uris),
  emailAddresses: setOf(values.emailAddresses),
});

const setOf = (list: List<string>): readonly string[] => compact(list ? sortedSet(plain(list)) : []);

type Profile = keyof typeof profiles;
const profileUsages = new Map<Profile, readonly Usage[]>();

/** One list for all that have the profile. */
function usagesOfProfile(profile: Profile): readonly Usage[] {
  const known = profileUsages.get(profile) ?? sortUsages(profiles[profile]);
  profileUsages.set(profile, known);
  return known;
}

/** A profile is a word for usages, and so is written out here; where both are given, which is an error, the usages count. */
function usagesOf({ usages, profile }: Values): readonly Usage[] | undefined {
  if (usages) return sortUsages(plain(usages));
  return profile && usagesOfProfile(profile.value);
}

function privateKeyOf({ privateKey }: Values): DesiredResource['privateKey'] {
  if (!privateKey) return undefined;
  const { algorithm, size, encoding, rotationPolicy } = privateKey.value.values;
  return {
    algorithm: algorithm?.value ?? impliedAlgorithm(size?.value, encoding?.value),
    size: size?.value,
    encoding: encoding?.value,
    rotationPolicy: rotationPolicy?.value,
  };
}

/** Each size belongs to one algorithm, and so do PKCS1 and SEC1: where the algorithm is left out, they name it. */
export function impliedAlgorithm(size: number | undefined, encoding: KeyEncoding | undefined): KeyAlgorithm | undefined {
  if (size === undefined && encoding === undefined) return undefined;
  const fitting = (Object.keys(keySizes) as KeyAlgorithm[]).filter(
    (algorithm) =>
      (size === undefined || (keySizes[algorithm] as readonly number[]).includes(size)) &&
      (encoding === undefined || (keyEncodings[algorithm] as readonly KeyEncoding[]).includes(encoding)),
  );
  return fitting.length === 1 ? fitting[0] : undefined;
}

function fileSet(files: FilesReading | NonNullable<Values['copies']>['value'][number], values: Values): FileSet {
  const mount = 'mount' in files.values ? files.values.mount?.value : undefined;
  const written = files.values as Readonly<Record<string, Located<WrittenFile> | undefined>>;
  return {
    files: compact(
      fileRoles.flatMap((role): readonly DesiredFile[] => {
        const file = written[role]?.value;
        if (!file) return [];
        const mode = holdsPrivateKey(role) ? values.privateKeyMode : values.certificateMode;
        return [
          {
            role,
            path: file.path.value,
            mode: (file.mode ?? mode)?.value,
            owner: (file.owner ?? values.owner)?.value,
            group: (file.group ?? values.group)?.value,
            place: file.path.place,
          },
        ];
      }),
    ),
    ...(mount !== undefined && { mount }),
  };
}

function constraintsOf({ permitted, excluded }: NonNullable<Values['nameConstraints']>['value']['values']): NameConstraints {
  const names = (side: typeof permitted): AlternativeNames => ({
    dnsNames: setOf(side?.value.values.dnsDomains),
    ipAddresses: setOf(side?.value.values.ipRanges),
    uris: setOf(side?.value.values.uriDomains),
    emailAddresses: setOf(side?.value.values.emailAddresses),
  });
  return { permitted: names(permitted), excluded: names(excluded) };
}

const acceptedOf = ({ accept }: Values): DesiredResource['accept'] =>
  compact(
    (accept?.value ?? []).flatMap(({ values: { code, reason, until } }) =>
      code && reason && until ? { code: code.value, reason: reason.value, until: until.value, place: code.place } : [],
    ),
  );
