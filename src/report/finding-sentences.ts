import type { Finding } from '../domain/plan.ts';
export const findingSentence = (finding: Finding): string => `${finding.code}: ${finding.detail}`;
