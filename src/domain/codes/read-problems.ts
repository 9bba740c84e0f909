import type { CodeRow } from './code-row.ts';

const problem = { as: ['difference', 'finding', 'block', 'diagnostic'], severity: 'error', failOn: 'drift' } as const satisfies CodeRow;

/** What may stand at a path instead of the file that should. None of them is "absent". */
// biome-ignore format: table
export const readProblemCodes = {
  'unreadable':            problem, // EACCES, EIO, ESTALE…: we do not know
  'symlink':               problem,
  'not-regular':           problem, // folder, FIFO, socket, device
  'too-large':             problem,
  'empty':                 problem,
  'unparsable':            problem, // not PEM, or PEM around something that is no certificate or key
  'wrong-kind':            problem, // a key where a certificate should be, CSR, CRL, PKCS#12, DER, OpenSSH…
  'encrypted':             problem,
  'unsupported-algorithm': problem,
  'not-in-inventory':      problem, // it is there, and the inventory says nothing of what is in it
} as const satisfies Record<string, CodeRow>;
