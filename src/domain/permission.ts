/** What the permissions of a file let a user do: the first of owner, group and others that the user is decides, as in the kernel (path_resolution(7)). */
export interface Permissions {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

export interface User {
  readonly uid: number;
  readonly gids: readonly number[];
}

const may = ({ mode, uid, gid }: Permissions, user: User, bit: 1 | 4): boolean => {
  if (user.uid === 0) return true;
  const shift = user.uid === uid ? 6 : user.gids.includes(gid) ? 3 : 0;
  return ((mode >> shift) & bit) !== 0;
};

export const mayRead = (file: Permissions, user: User): boolean => may(file, user, 4);
/** Whether what lies in the folder can be come to, for who knows its name. */
export const mayEnter = (folder: Permissions, user: User): boolean => may(folder, user, 1);
