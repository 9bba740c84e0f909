/** The host's users and groups: from /etc/passwd and /etc/group, each read once, when first asked; what is not there, from the directory services. */
import { readFileSync } from 'node:fs';
import type { Accounts } from '../ports/accounts.ts';
import { directoryGroups, directoryId, getentPlaces } from './directory-accounts.ts';

interface Table {
  readonly ids: Map<string, number | undefined>;
  readonly names: Map<number, string>;
}

/** `(uid_t) -1` means "leave it" to chown and is nobody's number. */
const highestId = 4_294_967_294;

/** Accounts of this host. A name that no file has is looked up where the C library looks (LDAP, SSSD, systemd), through `getent`. */
export function nodeAccounts(passwdFile = '/etc/passwd', groupFile = '/etc/group', getent = getentPlaces): Accounts {
  const users = onceRead(passwdFile);
  const groups = onceRead(groupFile);
  return {
    userId: (name) => idOf(name, users, () => directoryId('passwd', name, getent)),
    groupId: (name) => idOf(name, groups, () => directoryId('group', name, getent)),
    member: (name) => memberOf(name, passwdFile, groupFile, getent),
    userName: (id) => users().names.get(id),
    groupName: (id) => groups().names.get(id),
  };
}

/** A number is its own id. What was found out is kept, so that an id which a name led to gets that name back. */
function idOf(name: string, table: () => Table, elsewhere: () => number | undefined): number | undefined {
  if (/^\d+$/.test(name)) return valid(Number(name));
  const { ids, names } = table();
  if (ids.has(name)) return ids.get(name);
  const id = valid(elsewhere());
  ids.set(name, id);
  if (id !== undefined && !names.has(id)) names.set(id, name);
  return id;
}

const valid = (id: number | undefined): number | undefined => (id !== undefined && id <= highestId ? id : undefined);

function onceRead(file: string): () => Table {
  let table: Table | undefined;
  return () => {
    table ??= parseTable(readText(file));
    return table;
  };
}

/** `name:password:id:…` a line (passwd(5), group(5)); the first line with a name or an id counts, as for getpwnam. */
function parseTable(text: string): Table {
  const table: Table = { ids: new Map(), names: new Map() };
  for (const line of text.split('\n')) {
    const [name, , number] = line.split(':');
    if (!name || name.startsWith('#') || !number || !/^\d{1,10}$/.test(number) || Number(number) > highestId) continue;
    if (!table.ids.has(name)) table.ids.set(name, Number(number));
    if (!table.names.has(Number(number))) table.names.set(Number(number), name);
  }
  return table;
}

/** A host without the file has no names of its own; numbers still work. */
function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** By passwd(5) and group(5): the primary group, and every group that lists the user. A number is the user that has it. */
function memberOf(name: string, passwdFile: string, groupFile: string, getent: readonly string[]): ReturnType<Accounts['member']> {
  const isNumber = /^\d+$/.test(name);
  const line = rowsOf(passwdFile).find(([user, , id]) => (isNumber ? id : user) === name);
  if (!line) return directoryGroups(name, getent);
  const [uid, gid] = [Number(line[2]), Number(line[3])];
  if (!Number.isInteger(uid) || !Number.isInteger(gid)) return undefined;
  const listed = rowsOf(groupFile).flatMap(([, , id, users = '']) => (users.split(',').includes(line[0] as string) ? [Number(id)] : []));
  return { uid, gids: [gid, ...new Set(listed.filter((id) => Number.isInteger(id) && id !== gid))] };
}

const rowsOf = (file: string): readonly (readonly string[])[] =>
  readText(file)
    .split('\n')
    .map((line) => line.trim().split(':'));
