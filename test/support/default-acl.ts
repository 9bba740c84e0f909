/** Default ACLs of POSIX (acl(5)), set by the system call itself: no program for it need be installed. */
import { spawnSync } from 'node:child_process';
import process from 'node:process';

/** setxattr(2). */
const callNumbers: Readonly<Partial<Record<string, number>>> = { x64: 188, arm64: 5 };

const tags = { user: 0x01, namedUser: 0x02, group: 0x04, mask: 0x10, other: 0x20 } as const;
const noName = 0xffff_ffff;

/** Whatever is created in the folder shall be for everybody, and for one user by number. False where the file system, or this machine, has no such thing. */
export function setOpenDefaultAcl(folder: string, uid: number): boolean {
  const call = callNumbers[process.arch];
  if (call === undefined) return false;
  const entries = [
    [tags.user, noName],
    [tags.namedUser, uid],
    [tags.group, noName],
    [tags.mask, noName],
    [tags.other, noName],
  ] as const;
  // Version 2, then tag, rights (rwx) and number of each entry, little-endian.
  const fields = entries.map(([tag, id]) => `pack('vvV', ${tag}, 7, ${id})`).join(' . ');
  // Perl passes a string by its address, and only if it is in a variable.
  const script = `my ($path, $name) = ($ARGV[0], 'system.posix_acl_default'); my $acl = pack('V', 2) . ${fields}; exit(syscall(${call}, $path, $name, $acl, length($acl), 0) == 0 ? 0 : 1)`;
  return spawnSync('perl', ['-e', script, folder]).status === 0;
}
