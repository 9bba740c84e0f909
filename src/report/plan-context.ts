/** What the texts about a plan need beside the plan: names for numbers, and how to show it. */
import type { DesiredResource, DesiredState } from '../domain/desired-state.ts';
import type { Address } from '../domain/names.ts';
import type { ObservedState } from '../domain/observed-state.ts';
import type { PlanOptions } from '../domain/plan.ts';
import type { InventoryWords } from './inventory-words.ts';
import { shellWords } from './shell-words.ts';
import type { Style } from './style.ts';

/** What the text of a plan says of the desired state: a saved plan knows no more of it. */
export interface PlannedState extends Pick<DesiredState, 'sources' | 'from' | 'host'> {
  readonly resources: readonly Pick<DesiredResource, 'kind'>[];
}

export interface PlanContext {
  readonly desired: PlannedState;
  readonly observed: Pick<ObservedState, 'files' | 'userNames' | 'groupNames'>;
  readonly style: Style;
  readonly options: PlanOptions;
  /** The inventory that stood for the host; then `flags` are those to be typed there. */
  readonly inventory?: InventoryWords | undefined;
  /** The options that say which PKI is meant (`-f`, `--root`, …), as they were given: commands to be typed next need them too. */
  readonly flags?: readonly string[] | undefined;
  /** The options that this plan was asked with (`--target`, `--rekey`, …): the same plan again needs them. */
  readonly requests?: readonly string[] | undefined;
  readonly show: {
    /** One line per resource. */
    readonly summary?: boolean | undefined;
    /** What is in order too. */
    readonly all?: boolean | undefined;
    /** By address: the text of `certificateDiff`. */
    readonly diffs?: ReadonlyMap<Address, string> | undefined;
  };
}

/** For texts that show what the YAML wants, resource by resource. */
export interface DesiredContext extends PlanContext {
  readonly desired: DesiredState;
}

/** `root:root`, or numbers where the host has no name for them. */
export function formatOwner(
  owner: { readonly uid?: number | undefined; readonly gid?: number | undefined },
  { observed }: Pick<PlanContext, 'observed'>,
): string {
  const name = (id: number | undefined, names: ReadonlyMap<number, string>) => (id === undefined ? '?' : (names.get(id) ?? String(id)));
  return `${name(owner.uid, observed.userNames)}:${name(owner.gid, observed.groupNames)}`;
}

/** `0600`. */
export const formatMode = (mode: number | undefined): string => (mode === undefined ? '?' : (mode & 0o7777).toString(8).padStart(4, '0'));

/** `desired-state/pki.yaml`, both names of two files, or `5 files in desired-state`. */
export function formatSources({ sources, from }: Pick<DesiredState, 'sources' | 'from'>): string {
  const files = sources.map(({ file }) => file);
  return files.length <= 2 ? files.join(' and ') : `${files.length} files in ${from.join(', ')}`;
}

/** A sentence with commands of ours in it, with the given options behind each verb, so that it can be copied as it stands. */
export const withFlags = (text: string, flags: readonly string[] = []): string =>
  flags.length === 0
    ? text
    : text.replace(/\bcertstate (apply|plan|renew|show|restore|hold|release)\b/g, (command) => `${command} ${shellWords(flags)}`);
