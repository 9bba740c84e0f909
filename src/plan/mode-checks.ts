/** Modes and owners. What the YAML states is exact; where it is silent, stricter than ours is fine and wider is drift. */
import { type DesiredFile, holdsPrivateKey } from '../domain/desired-state.ts';
import type { ObservedState } from '../domain/observed-state.ts';
import type { CheckContext, Found } from './check-context.ts';
import { widestMode } from './defaults.ts';
import type { ViewedFile } from './set-view.ts';

type Half = keyof typeof widestMode;
const halfOf = (file: DesiredFile): Half => (holdsPrivateKey(file.role) ? 'privateKey' : 'certificate');

export const octal = (mode: number): string => mode.toString(8).padStart(4, '0');

/** The mode a file must have, given the one it has (undefined: it is not there). */
export function wantedMode(file: DesiredFile, observed: number | undefined): number {
  const widest = widestMode[halfOf(file)];
  if (file.mode !== undefined) return file.mode;
  if (observed === undefined) return widest;
  // A mode the owner cannot even read is nobody's wish.
  return (observed & ~widest) === 0 ? observed : observed & 0o400 ? observed & widest : widest;
}

const modeOf = ({ observed }: ViewedFile): number | undefined => (observed.state === 'read' ? observed.status.mode & 0o7777 : undefined);

export function findMode({ view }: CheckContext, half: Half): readonly Found[] {
  return view.files.flatMap((file) => {
    const mode = modeOf(file);
    if (halfOf(file.desired) !== half || mode === undefined) return [];
    const wanted = wantedMode(file.desired, mode);
    return mode === wanted ? [] : [{ observed: octal(mode), desired: octal(wanted), file: file.desired.path }];
  });
}

export const findOwner = (context: CheckContext, half: Half): readonly Found[] =>
  findId(context, half, 'owner', (observed) => ({ ids: observed.users, names: observed.userNames }), 'uid');

export const findGroup = (context: CheckContext, half: Half): readonly Found[] =>
  findId(context, half, 'group', (observed) => ({ ids: observed.groups, names: observed.groupNames }), 'gid');

interface Accounts {
  readonly ids: ReadonlyMap<string, number | undefined>;
  readonly names: ReadonlyMap<number, string>;
}

/** Under a root other than `/` the owners on this machine are not those of the target: a note, not drift. */
function findId(
  context: CheckContext,
  half: Half,
  field: 'owner' | 'group',
  accounts: (observed: ObservedState) => Accounts,
  statusField: 'uid' | 'gid',
): readonly Found[] {
  if (context.options.root !== '') return [];
  const { ids, names } = accounts(context.observed);
  return context.view.files.flatMap(({ desired, observed }) => {
    const name = desired[field];
    if (name === undefined || !ids.has(name) || halfOf(desired) !== half || observed.state !== 'read') return [];
    const id = ids.get(name);
    const have = observed.status[statusField];
    // A name that this host does not know is nobody's: a difference, and a block that says so.
    return id === have ? [] : [{ observed: names.get(have) ?? String(have), desired: name, file: desired.path }];
  });
}
