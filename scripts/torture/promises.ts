/** What is promised, and the tests that would fail if it were not kept. */
export interface TorturedPromise {
  readonly id: string;
  readonly says: string;
  /** How it is tested, in a few words, for the page. */
  readonly how: string;
  /** Parts of the paths of test files; none where a script of its own does it. */
  readonly files: readonly string[];
}

// biome-ignore format: table
export const promises: readonly TorturedPromise[] = [
  { id: 'P1',  says: 'After any crash and the next start each key and certificate match, and are entirely old or entirely new', how: 'simulated disk: every operation × what the disk may have kept × a crash of the recovery', files: ['promises/p1-'] },
  { id: 'P2',  says: 'The same for the program as it is shipped, killed at any moment', how: 'strace kills it before each system call, makes calls fail; SIGKILL at random moments', files: ['promises/p2-'] },
  { id: 'P3',  says: 'The same when the power goes', how: 'ext4 and xfs images, killed before each changing system call, cut off by FS_IOC_SHUTDOWN, mounted again', files: [] },
  { id: 'P4',  says: 'The tests of P1 can see', how: 'the protocol, done wrong in one way at a time', files: ['promises/p4-'] },
  { id: 'P5',  says: 'A failed operation leaves the old pair in place and says what failed', how: 'every operation × seven errors, once and from then on; a tmpfs at every free size from 0 to 64 kB; real mounts and attributes that refuse', files: ['promises/p5-', 'store-files/file-store-hardship', 'scenarios/refused-writes'] },
  { id: 'P6',  says: 'What could not be flushed is written anew, never flushed again', how: 'EIO at each flush of a change', files: ['promises/p6-'] },
  { id: 'P7',  says: 'The old key of an authority is never lost', how: 'as P1; and the old key must be in its place, beside it or among the generations', files: ['promises/p7-'] },
  { id: 'P8',  says: 'A service is told at least once of what was published, and never before it is durable', how: 'as P1, and the order of operations; the program, killed before each changing system call', files: ['promises/p8-'] },
  { id: 'P9',  says: 'No file that nobody asked for is changed', how: 'digest, inode and time of neighbours after every kind of apply; system calls of a second apply', files: ['promises/p9-', 'promises/starlingx'] },
  { id: 'P10', says: 'Applied twice, the second time there is nothing to do', how: 'random desired states, applied, drifted and edited', files: ['promises/p10-', 'plan/convergence'] },
  { id: 'P11', says: 'No key is readable by more than was asked for, at no instant', how: 'another user looks all the time; system calls under four umasks; an open default ACL', files: ['promises/p11-', 'store-files/file-store-traced'] },
  { id: 'P12', says: 'Nothing is written through a link', how: 'attacks before each operation; a race with somebody who swaps the folder', files: ['promises/p12-', 'store-files/file-store-on-disk'] },
  { id: 'P13', says: 'One writes at a time', how: 'fifty at once; a holder that is stopped and killed, other clocks and namespaces, with and without the lock of the kernel', files: ['promises/p13-', 'node/node-lock'] },
  { id: 'P14', says: 'A wrong clock makes no bad certificates', how: 'the program under libfaketime', files: ['promises/p14-'] },
  { id: 'P15', says: 'Renewal is on time and never loops', how: 'lifetimes at random; 400 days in fast time, pass after pass and in front of watch --apply; storms that another program was reported for', files: ['promises/p15-', 'plan/renewal'] },
  { id: 'P16', says: 'A missed event is not a missed change', how: 'the events of the kernel taken away in every way there is', files: ['promises/p16-', 'watch/drifts'] },
  { id: 'P17', says: 'certstate gives itself nothing to do', how: 'applied again and again, alone and beside watch --apply', files: ['promises/p17-', 'watch/apply'] },
  { id: 'P18', says: 'Storms are bounded', how: 'ten thousand changes a second in watched folders, for a minute', files: ['promises/p18-'] },
  { id: 'P21', says: 'What a strict validator would refuse is flagged', how: 'each kind of bad certificate made on disk, and checked by the program', files: ['promises/p21-'] },
  { id: 'P22', says: 'No secret leaves', how: 'every piece of every key, searched in all that is said and written', files: ['promises/p22-'] },
  { id: 'P23', says: 'Commands are handed what was written and nothing else', how: 'hostile words, environment, descriptors, groups, time limits', files: ['promises/p23-'] },
  { id: 'P24', says: 'What is hostile or broken is refused, cheaply', how: 'each row of a list of bad inputs, by the program as it is shipped: exit code, place, time, memory', files: ['promises/p24-', 'desired-state/hostile', 'desired-state/rejected'] },
  { id: 'P26', says: 'It stops cleanly', how: 'SIGTERM at each changing system call, once and again and again', files: ['promises/p26-'] },
];
