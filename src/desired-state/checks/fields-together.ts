/** What the fields of one resource must be together: which are needed, and which exclude each other. */
import { keyEncodings, keySizes } from '../../domain/keys.ts';
import { listed } from '../problem.ts';
import { impliedAlgorithm } from '../resource.ts';
import { checkFiles, missing } from './files.ts';
import type { FoundResource } from './whole.ts';

export function checkFieldsTogether(resource: FoundResource): void {
  checkNeeded(resource);
  checkFiles(resource);
  checkKey(resource);
  checkAuthority(resource);
  checkSubject(resource);
}

function checkNeeded(resource: FoundResource): void {
  const { section, report } = resource;
  const { given, values } = resource.reading;
  if (section === 'certificates' && !given.has('issuer'))
    missing(resource, 'issuer', 'name the authority that signs, for example issuer: etcd');
  if (section === 'certificates' && !given.has('usages') && !given.has('profile'))
    missing(
      resource,
      'usages',
      'list them, for example usages: [digital signature, server auth], or write profile: server, client or peer',
    );
  if (!given.has('files'))
    missing(
      resource,
      'files',
      'say where the pair lives, for example files: { certificate: /etc/etcd/server.crt, privateKey: /etc/etcd/server.key }',
    );
  if (values.usages && values.profile) {
    report({
      code: 'conflicting-fields',
      place: values.profile.place,
      message: 'usages and profile say the same thing twice',
      hint: 'keep one of the two',
      label: 'a word for usages',
      related: [{ message: 'the usages themselves', place: values.usages.place }],
    });
  }
}

function checkKey({ reading, report }: FoundResource): void {
  const { algorithm, size, encoding } = reading.values.privateKey?.value.values ?? {};
  const named = algorithm?.value ?? impliedAlgorithm(size?.value, encoding?.value);
  const related = algorithm
    ? [{ message: 'the algorithm', place: algorithm.place }]
    : size && encoding
      ? [{ message: 'the size', place: size.place }]
      : [];
  if (algorithm && size && !(keySizes[algorithm.value] as readonly number[]).includes(size.value)) {
    const sizes = keySizes[algorithm.value].map(String);
    report({
      code: 'invalid-key-size',
      place: size.place,
      message: `there is no ${algorithm.value} key of ${size.value} bits here`,
      hint: sizes.length === 0 ? `remove the size: ${algorithm.value} has only one` : `use ${listed(sizes, 'or')}`,
      label: `not a size of ${algorithm.value}`,
      related,
    });
  }
  if (!encoding) return;
  const fits = named ? (keyEncodings[named] as readonly string[]).includes(encoding.value) : size === undefined;
  if (!fits)
    report({
      code: 'invalid-encoding',
      place: encoding.place,
      message: `${named ?? 'such'} keys have no form ${encoding.value}`,
      hint: named ? `use ${listed([...keyEncodings[named]], 'or')}` : 'use PKCS8, which every key has',
      label: named ? `not for ${named}` : 'does not fit the size',
      related,
    });
}

function checkAuthority(resource: FoundResource): void {
  const { provided, external, nameConstraints } = resource.reading.values;
  const { report } = resource;
  if (provided?.value.values.certificate) {
    const privateKey = provided.value.values.privateKey;
    if (external?.value && privateKey)
      report({
        code: 'conflicting-fields',
        place: privateKey.place,
        message: 'an external authority brings no private key along',
        hint: 'remove it, or external: true',
        label: 'a private key',
        related: [{ message: 'its key is elsewhere', place: external.place }],
      });
    if (!external?.value && !provided.value.given.has('privateKey'))
      missing(
        { ...resource, place: provided.value.key },
        'provided.privateKey',
        'name the private key too, or write external: true, if it is elsewhere',
      );
  }
  if (!nameConstraints) return;
  const { critical, permitted, excluded } = nameConstraints.value.values;
  if (critical && !critical.value)
    report({
      code: 'invalid-value',
      place: critical.place,
      message: 'name constraints cannot be uncritical',
      hint: 'remove the line: RFC 5280 §4.2.1.10 wants them critical',
      label: 'always true',
    });
  const constrains = [permitted, excluded].some(
    (side) =>
      side &&
      (side.value.given.size > Object.keys(side.value.values).length ||
        Object.values(side.value.values).some((list) => list.value.length > 0)),
  );
  if (
    !constrains &&
    !(nameConstraints.value.given.has('permitted') && !permitted) &&
    !(nameConstraints.value.given.has('excluded') && !excluded)
  ) {
    report({
      code: 'invalid-value',
      place: nameConstraints.place,
      message: 'nameConstraints constrains nothing',
      hint: 'list names under permitted or excluded, or remove it',
      label: 'empty',
    });
  }
}

/** RFC 5280 §4.1.2.6: an authority has a subject; what has none must have an alternative name. */
function checkSubject({ name, section, place, reading, desired, report }: FoundResource): void {
  if (!desired || reading.given.has('commonName') || Object.keys(desired.subject).length > 0) return;
  if (reading.values.subject && reading.values.subject.value.given.size > 0) return;
  const named = (['dnsNames', 'ipAddresses', 'uris', 'emailAddresses'] as const).some(
    (field) => reading.given.has(field) && reading.values[field]?.value.length !== 0,
  );
  if (section === 'certificates' && named) return;
  const what =
    section === 'authorities'
      ? `the authority ${name} has no subject`
      : `the certificate ${name} has neither a subject nor an alternative name`;
  report({
    code: 'invalid-subject',
    place,
    message: what,
    hint: `give it one, for example commonName: ${name}`,
    label: 'nobody’s certificate',
  });
}
