/** Problems of the text of the desired state, and of looking, in the shape that every report is made of. */
import { codes } from '../domain/codes.ts';
import type { Diagnostic } from '../domain/diagnostic.ts';
import type { ReportedProblem } from './reported.ts';
import { withoutSecrets } from './withhold-secrets.ts';

/** In the order given; an error fails, a warning never does. What looks like a private key is masked. */
export const diagnosticProblems = (diagnostics: readonly Diagnostic[]): readonly ReportedProblem[] => diagnostics.map(diagnosticProblem);

function diagnosticProblem(asFound: Diagnostic): ReportedProblem {
  const { code, severity, message, label, hint, address, place } = withoutSecrets(asFound);
  // A frame shows what was meant under the carets; here there is no frame.
  const meant = label?.startsWith('did you mean') ? `; ${label}` : '';
  return {
    code,
    failClass: codes[code].failOn,
    level: severity,
    fails: severity === 'error',
    message: `${message}${meant}`,
    hint: hint === '' ? undefined : hint,
    address,
    place,
  };
}
