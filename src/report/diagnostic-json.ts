/** Problems for programs, in one shape wherever they appear: validate, plan, events. */
import type { Diagnostic, Place } from '../domain/diagnostic.ts';
import { withoutSecrets } from './withhold-secrets.ts';

export const placeJson = (place: Place | null | undefined) =>
  place ? { path: place.file, line: place.line, col: place.column, end_line: place.endLine, end_col: place.endColumn } : null;

/** One diagnostic; columns count UTF-16 units from 1, as editors and SARIF do. */
export const diagnosticJson = (asFound: Diagnostic) => shaped(withoutSecrets(asFound));

const shaped = (diagnostic: Diagnostic) => ({
  code: diagnostic.code,
  severity: diagnostic.severity,
  summary: diagnostic.message,
  detail: diagnostic.label ?? null,
  address: diagnostic.address ?? null,
  where: placeJson(diagnostic.place),
  related: (diagnostic.related ?? []).map(({ message, place }) => ({ message, where: placeJson(place) })),
  notes: diagnostic.notes ?? [],
  next: diagnostic.hint === '' ? [] : [{ kind: diagnostic.place ? 'edit-file' : 'user-choice', label: diagnostic.hint }],
});

export type DiagnosticJson = ReturnType<typeof diagnosticJson>;
