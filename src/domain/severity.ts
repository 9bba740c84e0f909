/** How severe something is, and which class of `check --fail-on` it counts in: the same word in plan, check, status and every report. */
import type { CodeRow, FailClass } from './codes/code-row.ts';
import { type Code, codes } from './codes.ts';

export type Severity = CodeRow['severity'];

/** A difference or a finding, as far as its weight goes. */
interface Standing {
  readonly code: Code;
  readonly overdue?: true | undefined;
}

/** By its code; but what is overdue is worse than what is due. */
export const failClassOf = ({ code, overdue }: Standing): FailClass => (overdue ? 'overdue' : codes[code].failOn);
export const severityOf = ({ code, overdue }: Standing): Severity => (overdue ? 'error' : codes[code].severity);

const worstFirst: readonly Severity[] = ['error', 'warning', 'notice'];
/** Of several together; a notice where there are none. */
export const worstOf = (all: readonly Severity[]): Severity => worstFirst.find((severity) => all.includes(severity)) ?? 'notice';
