/** Something stands where a file should be: read problems are differences too, and are never taken for absence. */
import type { ReadProblem } from '../domain/codes.ts';
import type { RemediedDifference } from './find-differences.ts';
import type { ResourceView } from './resource-view.ts';

/** Nothing is known of what these hold; it may be anything, and no consent makes it known. */
// biome-ignore format: table
export const isUnknowable: Readonly<Record<ReadProblem, boolean>> = {
  'unreadable':            true,
  'symlink':               true,
  'not-regular':           true,
  'too-large':             true,
  'encrypted':             true,
  'unsupported-algorithm': true,
  'not-in-inventory':      true,
  'empty':                 false,
  'unparsable':            false,
  'wrong-kind':            false,
};

/** Garbage in the place of a leaf's half asks for a new pair; elsewhere, and where nothing is known, only the file itself is in question. */
export function problemDifferences({ desired: resource, reference, keepsKey, problems }: ResourceView): readonly RemediedDifference[] {
  const isWhole = reference.certificate.state === 'present' && (!keepsKey || reference.key.state === 'present');
  return problems.map(({ desired, observed }) => {
    const remedy = isWhole || resource.kind === 'ca' || isUnknowable[observed.problem] ? 'fix' : 'rekey';
    return {
      code: observed.problem,
      origin: 'drift',
      path: ['files', desired.role],
      place: desired.place,
      observed: observed.cause,
      file: desired.path,
      forces: remedy === 'rekey' ? 'key' : null,
      remedy,
    };
  });
}
