/** Desired states at random: every field of authorities and certificates that shapes what is written, in combinations nobody would think of. */
import fc from 'fast-check';
import { stringify } from 'yaml';

type Fields = Record<string, unknown>;

/** A pair that was made elsewhere and is brought along, or is here without its key; the test puts the files there. */
export interface BroughtPair {
  readonly commonName: string;
  readonly certificatePem: string;
  readonly keyPem: string;
}

export interface RandomState {
  readonly document: {
    readonly version: 1;
    readonly variables: Fields;
    readonly defaults: Fields;
    readonly authorities: Record<string, Fields>;
    readonly certificates: Record<string, Fields>;
    readonly services: Fields;
  };
  /** Paths under the root, and which pair's certificate or key belongs there before anything is applied. */
  readonly brought: readonly { readonly path: string; readonly pem: 'certificatePem' | 'keyPem'; readonly pair: number }[];
}

const subsetOf = <Value>(values: readonly Value[], { minLength = 0, maxLength = values.length } = {}): fc.Arbitrary<Value[]> =>
  fc.shuffledSubarray([...values], { minLength, maxLength });
/** Leaves a field out as often as not. */
const maybe = <Value>(value: fc.Arbitrary<Value>, freq = 2): fc.Arbitrary<Value | undefined> => fc.option(value, { nil: undefined, freq });
const given = (fields: Fields): Fields => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

// All of these lie within the name constraints below, so that any certificate can stand under any authority.
const dnsNames = [
  'a.example.com',
  'b.c.example.com',
  '*.wild.example.com',
  'example.com',
  'BÜCHER.example.com',
  'xn--nxasmq6b.example.com',
  'Under.Example.COM',
];
const ipAddresses = ['10.0.0.1', '10.255.255.254', 'fd00::1', 'FD00:0:0:0:0:0:0:2', 'fd00:1:0:0:1::', '10.1.2.3'];
const uris = [
  'https://a.example.com/',
  'spiffe://b.example.com/ns/x/sa/y',
  'HTTPS://C.Example.com:8443/p?q=1',
  'https://d.example.com/%41',
];
const emailAddresses = ['ops@example.com', 'First.Last+tag@EXAMPLE.com'];

const names = fc.record({
  dnsNames: maybe(subsetOf(dnsNames)),
  ipAddresses: maybe(subsetOf(ipAddresses)),
  uris: maybe(subsetOf(uris), 1),
  emailAddresses: maybe(subsetOf(emailAddresses), 1),
});

const subject = maybe(
  fc
    .record({
      organizations: maybe(subsetOf(['Example GmbH', 'system:masters', 'Ünïcode & Söhne, "quoted"'])),
      organizationalUnits: maybe(subsetOf(['Platform', 'a+b=c; d<e>f', '#1'])),
      countries: maybe(subsetOf(['DE', 'US'], { maxLength: 1 })),
      localities: maybe(subsetOf(['Berlin', '東京'])),
      provinces: maybe(fc.constant(['Bavaria'])),
      streetAddresses: maybe(fc.constant(['Unter den Linden 1\\2'])),
      postalCodes: maybe(fc.constant(['10117'])),
      serialNumber: maybe(fc.constant('0047-11')),
    })
    .map(given)
    .filter((fields) => Object.keys(fields).length > 0),
);

// RSA is rare here, since its keys take their time; every size and encoding of it has tests of its own.
const key = fc.oneof(
  { weight: 40, arbitrary: fc.constant(undefined) },
  {
    weight: 60,
    arbitrary: fc
      .record({
        algorithm: fc.constant('ECDSA'),
        size: maybe(fc.constantFrom(256, 256, 256, 384, 521)),
        encoding: maybe(fc.constantFrom('PKCS8', 'SEC1')),
      })
      .map(given),
  },
  { weight: 20, arbitrary: fc.record({ algorithm: fc.constant('Ed25519'), encoding: maybe(fc.constant('PKCS8')) }).map(given) },
  {
    weight: 1,
    arbitrary: fc
      .record({ algorithm: fc.constant('RSA'), size: fc.constant(2048), encoding: maybe(fc.constantFrom('PKCS8', 'PKCS1')) })
      .map(given),
  },
);

const modes = fc.record({
  certificateMode: maybe(fc.constantFrom('0644', '0640', '0600', '0444', '0400'), 1),
  privateKeyMode: maybe(fc.constantFrom('0600', '0640', '0400', '0440'), 1),
  owner: maybe(fc.constantFrom<string | number>('root', 0, 1000), 1),
  group: maybe(fc.constantFrom<string | number>('root', 12), 1),
});

const certificateRoles = ['certificate', 'fullChain', 'combined'];

/** Paths of a set of files, each alone or with its own mode. */
const fileSet = (folder: string, roles: readonly string[]): fc.Arbitrary<Fields> =>
  fc.record(
    Object.fromEntries(
      roles.map((role) => {
        const path = `${folder}/${role}.pem`;
        const mode = role === 'privateKey' || role === 'combined' ? fc.constantFrom('0600', '0640') : fc.constantFrom('0644', '0600');
        return [
          role,
          fc.oneof({ weight: 3, arbitrary: fc.constant(path) }, { weight: 1, arbitrary: fc.record({ path: fc.constant(path), mode }) }),
        ];
      }),
    ),
  );

/** At least one place for the certificate, and one for the key. */
const masterRoles = subsetOf([...certificateRoles, 'privateKey', 'chain'], { minLength: 1 }).map((roles) => {
  const withCertificate = roles.some((role) => certificateRoles.includes(role)) ? roles : [...roles, 'certificate'];
  return withCertificate.includes('privateKey') || withCertificate.includes('combined')
    ? withCertificate
    : [...withCertificate, 'privateKey'];
});

const files = (folder: string, simple: boolean): fc.Arbitrary<Fields> =>
  fc
    .tuple(
      simple ? fc.constant(['certificate', 'privateKey']) : masterRoles,
      fc.array(subsetOf([...certificateRoles, 'privateKey', 'chain'], { minLength: 1 }), { maxLength: simple ? 0 : 1 }),
      fc.boolean(),
    )
    .chain(([roles, copies, absentMount]) =>
      fc.record({
        files: fileSet(folder, roles),
        copies: fc.tuple(
          ...copies.map((copy, index) => fileSet(`/copies/${index}${folder}`, copy)),
          ...(absentMount ? [fileSet(`/not-mounted${folder}`, ['certificate']).map((set) => ({ ...set, mount: '/not-mounted' }))] : []),
        ),
      }),
    )
    .map(({ files: master, copies }) => given({ files: master, copies: copies.length > 0 ? copies : undefined }));

const authorityDurations = ['3650d', '10y', '400d', '90d', '36h'];
const constraints = fc.constantFrom(
  { permitted: { dnsDomains: ['example.com'] } },
  { permitted: { dnsDomains: ['example.com', 'example.org'], ipRanges: ['10.0.0.0/8', 'fd00::/8'] } },
  { permitted: { emailAddresses: ['example.com'], uriDomains: ['.example.com'] }, excluded: { dnsDomains: ['internal.example.net'] } },
  { critical: true, excluded: { ipRanges: ['192.168.0.0/16', '2001:db8::/32'], dnsDomains: ['.invalid'] } },
);

/** Authorities as a forest at most three deep: each one's parent is an earlier one. */
function authority(index: number, parents: readonly number[], depthBelow: number): fc.Arbitrary<Fields> {
  const isRoot = parents[index] === -1;
  const roomFor = fc
    .constantFrom(depthBelow, depthBelow + 1, undefined)
    .map((length) => (length === undefined && !isRoot && depthBelow > 0 ? depthBelow : length));
  return fc
    .record({
      subject,
      names,
      key,
      modes,
      where: files(`/pki/authority-${index}`, index % 2 === 0),
      usages: maybe(subsetOf(['crl sign', 'digital signature', 'key encipherment']).map((more) => [...more, 'cert sign'])),
      duration: maybe(fc.constantFrom(...authorityDurations)),
      pathLength: roomFor,
      nameConstraints: maybe(constraints, 1),
      warnBefore: maybe(fc.constantFrom('30d', '0d'), 1),
      backdate: maybe(fc.constantFrom('0s', '1h'), 1),
      protect: maybe(fc.boolean(), 1),
    })
    .map(({ names: some, modes: bits, where, key: privateKey, ...rest }) =>
      given({
        commonName: `Authority ${index}`,
        issuer: isRoot ? undefined : `authority-${parents[index]}`,
        ...given(some),
        ...given(bits),
        ...where,
        privateKey,
        ...rest,
      }),
    );
}

const usages = [
  'digital signature',
  'content commitment',
  'key encipherment',
  'data encipherment',
  'key agreement',
  'client auth',
  'code signing',
  'email protection',
  'timestamping',
  'ocsp signing',
  's/mime',
  'signing',
  'ipsec user',
  'any',
  'microsoft sgc',
];

function certificate(index: number, authorities: number): fc.Arbitrary<Fields> {
  return fc
    .record({
      issuer: fc.nat(authorities - 1).map((number) => `authority-${number}`),
      subject,
      names,
      key,
      rotationPolicy: maybe(fc.constantFrom('Always', 'Never')),
      modes,
      where: files(`/tls/\${name}`, index % 3 === 0),
      use: fc.oneof(
        fc.constantFrom('server', 'client', 'peer').map((profile) => ({ profile })),
        subsetOf([...usages, 'server auth'], { minLength: 1 }).map((list) => ({ usages: list })),
      ),
      duration: maybe(fc.constantFrom('365d', '90d', '36h', '2h', '9999h', '3y')),
      // A share of what it will live at least, so that it is not due the moment it is issued.
      renewBefore: maybe(fc.constantFrom('1h', '90m', '30m')),
      warnBefore: maybe(fc.constantFrom('10d', '0s'), 1),
      backdate: maybe(fc.constantFrom('0s', '10m'), 1),
      protect: maybe(fc.boolean(), 1),
      optional: maybe(fc.constant(false), 1),
      services: maybe(fc.constant(['web']), 1),
      accept: maybe(fc.constant([{ code: 'expiring', reason: 'known', until: '2099-12-31' }]), 1),
    })
    .map(({ names: some, modes: bits, where, key: privateKey, rotationPolicy, use, ...rest }) => {
      const serves = 'profile' in use ? use.profile !== 'client' : use.usages.includes('server auth');
      const named = given(some);
      const needsName =
        serves &&
        !('dnsNames' in named && (named['dnsNames'] as string[]).length > 0) &&
        !('ipAddresses' in named && (named['ipAddresses'] as string[]).length > 0);
      return given({
        commonName: `Certificate ${index}`,
        ...named,
        ...(needsName ? { dnsNames: ['${name}.example.com'] } : {}),
        ...given(bits),
        ...where,
        ...use,
        privateKey: privateKey || rotationPolicy ? given({ ...privateKey, rotationPolicy }) : undefined,
        ...rest,
      });
    });
}

/** How many authorities stand below each in its longest line. */
function depthsBelow(parents: readonly number[]): readonly number[] {
  const depths = parents.map(() => 0);
  for (const [start] of parents.entries()) {
    let depth = 0;
    for (let at = start; at !== -1; at = parents[at] as number) {
      depths[at] = Math.max(depths[at] as number, depth);
      depth += 1;
    }
  }
  return depths;
}

const levelOf = (parents: readonly number[], index: number): number =>
  parents[index] === -1 ? 0 : 1 + levelOf(parents, parents[index] as number);

const forest = fc.array(fc.nat(99), { minLength: 1, maxLength: 3 }).map((dice) => {
  const parents: number[] = [];
  for (const [index, die] of dice.entries()) {
    const parent = index === 0 ? -1 : (die % (index + 1)) - 1;
    parents.push(parent !== -1 && levelOf(parents, parent) >= 2 ? -1 : parent);
  }
  return parents;
});

/** What is brought along beside the forest: an authority to be installed, one that signs a certificate, one whose key is elsewhere. */
const broughtAlong = (pairs: readonly BroughtPair[]) =>
  fc.option(
    fc.record({
      pair: fc.nat(pairs.length - 1),
      external: fc.boolean(),
      installed: fc.boolean(),
      mode: maybe(fc.constantFrom('0640', '0400')),
    }),
    { nil: undefined, freq: 3 },
  );

export const randomState = (pairs: readonly BroughtPair[]): fc.Arbitrary<RandomState> =>
  fc
    .tuple(forest, broughtAlong(pairs))
    .chain(([parents, brought]) =>
      fc.record({
        authorities: fc.tuple(...parents.map((_, index) => authority(index, parents, depthsBelow(parents)[index] as number))),
        certificates: fc
          .array(fc.nat(), { maxLength: 3 })
          .chain((list) => fc.tuple(...list.map((_, index) => certificate(index, parents.length)))),
        brought: fc.constant(brought),
        defaults: fc.record({ duration: maybe(fc.constant('300d')), certificateMode: maybe(fc.constant('0640'), 1) }).map(given),
      }),
    )
    .map(({ authorities, certificates, brought, defaults }) => {
      const extra = brought ? foreign(brought, pairs) : { authorities: {}, certificates: {}, files: [] };
      return {
        document: {
          version: 1 as const,
          variables: {},
          defaults: { certificates: defaults },
          authorities: { ...Object.fromEntries(authorities.map((fields, index) => [`authority-${index}`, fields])), ...extra.authorities },
          certificates: {
            ...Object.fromEntries(certificates.map((fields, index) => [`certificate-${index}`, fields])),
            ...extra.certificates,
          },
          services: { web: { reload: ['systemctl', 'reload', 'web'] } },
        },
        brought: extra.files,
      };
    });

function foreign(
  {
    pair,
    external,
    installed,
    mode,
  }: { readonly pair: number; readonly external: boolean; readonly installed: boolean; readonly mode?: string | undefined },
  pairs: readonly BroughtPair[],
): { readonly authorities: Record<string, Fields>; readonly certificates: Record<string, Fields>; readonly files: RandomState['brought'] } {
  const { commonName } = pairs[pair] as BroughtPair;
  if (external) {
    const imported = { provided: { certificate: '/import/root.crt' } };
    return {
      authorities: { foreign: { commonName, external: true, files: { certificate: '/foreign/root.crt' }, ...(installed ? {} : imported) } },
      certificates: {},
      files: [{ path: installed ? '/foreign/root.crt' : '/import/root.crt', pem: 'certificatePem', pair }],
    };
  }
  const files = given({
    certificate: '/foreign/root.crt',
    privateKey: mode === undefined ? '/foreign/root.key' : { path: '/foreign/root.key', mode },
  });
  return {
    authorities: { foreign: { commonName, provided: { certificate: '/import/root.crt', privateKey: '/import/root.key' }, files } },
    certificates: {
      guest: {
        issuer: 'foreign',
        commonName: 'guest',
        profile: 'client',
        files: { fullChain: '/foreign/guest.pem', privateKey: '/foreign/guest.key', chain: '/foreign/chain.pem' },
      },
    },
    files: [
      { path: '/import/root.crt', pem: 'certificatePem', pair },
      { path: '/import/root.key', pem: 'keyPem', pair },
    ],
  };
}

/** The same state with all its files somewhere else: `prefix` in front of every path. */
export function movedTo<Value>(value: Value, prefix: string): Value {
  const moved = (part: unknown): unknown => {
    if (typeof part === 'string') return part.startsWith('/') ? prefix + part : part;
    if (Array.isArray(part)) return part.map(moved);
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([name, inner]) => [name, moved(inner)]));
  };
  return moved(value) as Value;
}

/** The text of a state, as a person might have written it. */
export const yamlOf = (document: RandomState['document']): string => stringify(document, { lineWidth: 0, aliasDuplicateObjects: false });

/** The same wish in other words: sets and maps in another order, comments, flow style, other ways to write a list of one. */
export function reworded(document: RandomState['document'], seed: number): string {
  const turned = <Value>(list: readonly Value[]): Value[] => [
    ...list.slice(seed % Math.max(1, list.length)),
    ...list.slice(0, seed % Math.max(1, list.length)),
  ];
  const shuffle = (value: unknown, path: readonly string[]): unknown => {
    const isOrdered = path.at(-1) === 'reload' || path.at(-1) === 'copies';
    if (Array.isArray(value)) return isOrdered ? value.map((item) => shuffle(item, path)) : turned(value);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(turned(Object.entries(value)).map(([name, item]) => [name, shuffle(item, [...path, name])]));
  };
  const text = stringify(shuffle(document, []), {
    lineWidth: 0,
    aliasDuplicateObjects: false,
    defaultStringType: 'QUOTE_DOUBLE',
    defaultKeyType: 'PLAIN',
    ...(seed % 2 ? { collectionStyle: 'flow' } : {}),
  });
  return `# reworded ${seed}\n${seed % 3 === 0 ? text.replaceAll('\n', ' # a comment\n') : text}`;
}
