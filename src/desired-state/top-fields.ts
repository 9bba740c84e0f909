/** The outermost map of a file. Its sections are taken as nodes: what is in them is read after the variables are known. */
import type { Node } from 'yaml';
import { maxEntries } from './basic-types.ts';
import type { FieldType, JsonSchema } from './field.ts';
import { gateType, resourceType, serviceType, windowType } from './fields.ts';
import { objectOf } from './object-type.ts';
import { quoted } from './problem.ts';
import { optional, type ResourceSection, required } from './row.ts';
import { scalarType } from './scalar-type.ts';
import { builtInVariables, variableNamePattern } from './variables.ts';

/** The version of the format that this program reads. */
export const formatVersion = 1;

const version = scalarType({ type: 'integer', const: formatVersion }, ({ text, writtenAs }, at) =>
  text === String(formatVersion) && writtenAs === 'integer'
    ? formatVersion
    : at.wrong({
        code: 'unsupported-version',
        message: `version ${quoted(text)} is not read by this program`,
        hint: `write version: ${formatVersion}`,
        label: `only ${formatVersion} is known`,
      }),
);

/** Read later. The schema is built only when asked for: to parse a file nobody needs it. */
const section = (schema: () => JsonSchema): FieldType<Node> => ({
  get schema() {
    return schema();
  },
  read: (node) => node,
});

const variableMap = (): JsonSchema => ({
  type: 'object',
  propertyNames: { pattern: variableNamePattern.source, not: { enum: [...builtInVariables] } },
  additionalProperties: {
    anyOf: [{ type: 'string' }, { type: 'null' }, { type: 'array', maxItems: maxEntries, items: { type: ['string', 'null'] } }],
  },
});
const nullable = (schema: JsonSchema): JsonSchema => ({ anyOf: [schema, { type: 'null' }] });
const named = (definition: string): JsonSchema =>
  nullable({
    type: 'object',
    propertyNames: { $ref: '#/definitions/name' },
    additionalProperties: { $ref: `#/definitions/${definition}` },
  });
const defaultsOf = (name: ResourceSection) =>
  optional(
    section(() => nullable({ $ref: `#/definitions/defaults.${name}` })),
    `For all ${name} of this file; a resource’s own field wins. privateKey and subject are merged field by field, everything else is taken whole.`,
    { duration: '365d' },
  );

export const defaultsType = objectOf({ authorities: defaultsOf('authorities'), certificates: defaultsOf('certificates') });

export const topType = objectOf({
  version: required(version, 'The version of this format.', formatVersion),
  variables: optional(
    section(() => nullable(variableMap())),
    'Text, a list, or null, for ${name} in any value; --set NAME=VALUE replaces one.',
    { floatingAddress: '192.168.206.1' },
  ),
  hosts: optional(
    section(() =>
      nullable({ type: 'object', propertyNames: { pattern: hostPattern.source }, additionalProperties: nullable(variableMap()) }),
    ),
    'The machines that this file is for, each with its own variables. Left out: any machine.',
    { 'controller-0': {}, 'controller-1': {} },
  ),
  defaults: optional(
    section(() => nullable(defaultsType.schema)),
    'Fields that hold for all authorities or certificates of this file.',
    { certificates: { duration: '365d', renewBefore: '15d' } },
  ),
  authorities: optional(
    section(() => named('authority')),
    'Certificates that sign others, by name.',
    { etcd: { commonName: 'etcd', files: { certificate: '/etc/etcd/ca.crt', privateKey: '/etc/etcd/ca.key' } } },
  ),
  certificates: optional(
    section(() => named('certificate')),
    'End-entity certificates with their keys, by name.',
    {
      'etcd-server': {
        issuer: 'etcd',
        commonName: 'etcd-server',
        profile: 'peer',
        dnsNames: ['etcd.example.com'],
        files: { certificate: '/etc/etcd/server.crt', privateKey: '/etc/etcd/server.key' },
      },
    },
  ),
  services: optional(
    section(() => named('service')),
    'What uses the files, and how it is told that they changed, by name.',
    { etcd: { onTrustChange: ['systemctl', 'restart', 'etcd'] } },
  ),
  windows: optional(
    section(() => named('window')),
    'Times at which unattended work may be done, by name.',
    { nightly: { cron: '0 2 * * 6,0', duration: '4h', timeZone: 'Europe/Berlin' } },
  ),
  gates: optional(
    section(() => named('gate')),
    'Programs that are asked before unattended work, by name.',
    { 'etcd-healthy': { command: ['/usr/local/libexec/etcd-healthy'], timeout: '30s' } },
  ),
});

export const hostPattern = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** What the references above point to. */
export const definitions = (): JsonSchema => ({
  authority: resourceType('authorities', 'resource').schema,
  certificate: resourceType('certificates', 'resource').schema,
  'defaults.authorities': resourceType('authorities', 'defaults').schema,
  'defaults.certificates': resourceType('certificates', 'defaults').schema,
  service: serviceType.schema,
  window: windowType.schema,
  gate: gateType.schema,
});
