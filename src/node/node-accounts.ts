/** The host's users and groups from /etc/passwd and /etc/group, each read once, when first asked. */
import { readFileSync } from 'node:fs';
import type { Accounts } from '../ports/accounts.ts';

interface Table {
  readonly ids: ReadonlyMap<string, number>;
  readonly names: ReadonlyMap<number, string>;
}

/** `(uid_t) -1` means "leave it" to chown and is nobody's number. */
const highestId = 4_294_967_294;

/** Accounts of this host. Names that only a directory service knows are not found: write their number, which every host can use. */
export function nodeAccounts(passwdFile = '/etc/passwd', groupFile = '/etc/group'): Accounts {
  const users = onceRead(passwdFile);
  const groups = onceRead(groupFile);
  return {
    userId: (name) => idOf(name, users),
    groupId: (name) => idOf(name, groups),
    userName: (id) => users().names.get(id),
    groupName: (id) => groups().names.get(id),
  };
}

function idOf(name: string, table: () => Table): number | undefined {
  if (!/^\d+$/.test(name)) return table().ids.get(name);
  const id = Number(name);
  return id <= highestId ? id : undefined;
}

function onceRead(file: string): () => Table {
  let table: Table | undefined;
  return () => {
    table ??= parseTable(readText(file));
    return table;
  };
}

/** `name:password:id:…` a line (passwd(5), group(5)); the first line with a name or an id counts, as for getpwnam. */
function parseTable(text: string): Table {
  const ids = new Map<string, number>();
  const names = new Map<number, string>();
  for (const line of text.split('\n')) {
    const [name, , number] = line.split(':');
    if (!name || name.startsWith('#') || !number || !/^\d{1,10}$/.test(number) || Number(number) > highestId) continue;
    if (!ids.has(name)) ids.set(name, Number(number));
    if (!names.has(Number(number))) names.set(Number(number), name);
  }
  return { ids, names };
}

/** A host without the file has no names; numbers still work. */
function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
