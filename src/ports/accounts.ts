/** The host's users and groups. */
export interface Accounts {
  /** The numeric id of a user name (or of a number as text); undefined where the host has none. */
  userId(name: string): number | undefined;
  groupId(name: string): number | undefined;
  userName(id: number): string | undefined;
  groupName(id: number): string | undefined;
}
