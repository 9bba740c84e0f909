/** Where the material of a resource lives: `files`, `copies`, and who may read them. */
import { isMap } from 'yaml';
import { type FileRole, fileRoles, holdsPrivateKey } from '../domain/desired-state.ts';
import type { Field, FieldType, Located, Reading } from './field.ts';
import { account, folder, mode, path } from './file-types.ts';
import { objectList } from './object-list.ts';
import { objectOf } from './object-type.ts';
import { optional, required } from './row.ts';
import { placeOfNode } from './scalar-type.ts';

const owner = optional(
  account,
  'The user that owns the files: a name or a number. Left out: any; created for the user that runs certstate.',
  'root',
  0,
);
const group = optional(account, 'The group of the files: a name or a number. Left out: any.', 'root', 'etcd');

export const accessFields = {
  owner,
  group,
  certificateMode: optional(
    mode('certificate'),
    'Mode of files without a private key, quoted. Left out: anything not wider than 0644; created with that.',
    '0644',
  ),
  privateKeyMode: optional(
    mode('key'),
    'Mode of files with a private key, quoted. Left out: anything not wider than 0600; created with that.',
    '0600',
    '0640',
  ),
};

export interface WrittenFile {
  readonly path: Located<string>;
  readonly mode?: Located<number> | undefined;
  readonly owner?: Located<string> | undefined;
  readonly group?: Located<string> | undefined;
}

/** A path, or `{path, mode, owner, group}`. */
function fileOf(role: FileRole): FieldType<WrittenFile> {
  const key = holdsPrivateKey(role);
  const block = objectOf({
    path: required(path, 'The absolute path.', `/etc/etcd/${key ? 'etcd-server.key' : 'etcd-server.crt'}`),
    mode: optional(mode(key ? 'key' : 'certificate'), 'Mode of this one file, quoted.', key ? '0600' : '0644'),
    owner,
    group,
  });
  return {
    get schema() {
      return { anyOf: [path.schema, block.schema] };
    },
    read(node, spot, context) {
      if (!isMap(node)) {
        const value = path.read(node, spot, context);
        return value === undefined ? undefined : { path: { value, place: placeOfNode(node, spot, context) } };
      }
      const values = block.read(node, spot, context)?.values;
      return values?.path && { ...values, path: values.path };
    },
  };
}

const roleFields = {
  certificate: optional(fileOf('certificate'), 'The certificate alone.', '/etc/etcd/etcd-server.crt', {
    path: '/etc/etcd/etcd-server.crt',
    mode: '0644',
    owner: 'etcd',
  }),
  privateKey: optional(fileOf('privateKey'), 'The private key alone.', '/etc/etcd/etcd-server.key', {
    path: '/etc/etcd/etcd-server.key',
    mode: '0640',
    group: 'etcd',
  }),
  chain: optional(fileOf('chain'), 'The intermediates, nearest first, without the root.', '/etc/nginx/tls/chain.pem'),
  fullChain: optional(
    fileOf('fullChain'),
    'The certificate and its intermediates, without the root: what nginx and most servers want.',
    '/etc/nginx/tls/fullchain.pem',
  ),
  combined: optional(
    fileOf('combined'),
    'Private key, certificate and intermediates in one file, with a key’s mode: what HAProxy wants.',
    '/etc/haproxy/site.pem',
  ),
} satisfies Record<FileRole, Field<WrittenFile>>;

const hasCertificate = { anyOf: ['certificate', 'fullChain', 'combined'].map((name) => ({ required: [name] })) };

export const filesField = objectOf(roleFields, { schema: hasCertificate });

export const copiesField = objectList(
  {
    ...roleFields,
    mount: optional(
      folder,
      'Only while this folder is a mount point; otherwise the copy is "not here", which is no drift.',
      '/opt/platform',
    ),
  },
  { schema: { anyOf: fileRoles.map((name) => ({ required: [name] })) } },
);

export type FilesReading = Reading<typeof roleFields>;
