/** The host's users and groups. */
export interface Accounts {
  /** The numeric id of a user name (or of a number as text); undefined where the host has none. */
  userId(name: string): number | undefined;
  groupId(name: string): number | undefined;
  /** A user with its groups, the primary one first; undefined where the host has no such user, or nobody knows its groups. */
  member(name: string): { readonly uid: number; readonly gids: readonly [number, ...number[]] } | undefined;
  userName(id: number): string | undefined;
  groupName(id: number): string | undefined;
}
