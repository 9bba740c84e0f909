/** What kind of change it is, for those who word it. */
import type { Action, Change } from '../domain/plan.ts';

const issuing: ReadonlySet<Action> = new Set(['create', 'renew', 'reissue', 'rekey']);

/** Whether a certificate comes out of this change. */
export const issues = ({ action }: Pick<Change, 'action'>): boolean => issuing.has(action);

/** The certificate exists already, at a source from which it is installed; nothing is signed here. */
export const installs = (change: Pick<Change, 'action' | 'after'>): boolean => issues(change) && (change.after?.sha256 ?? null) !== null;

/** Another resource's change is among its causes. */
export const isCascade = ({ differences }: Change): boolean => differences.some(({ becauseOf }) => becauseOf !== undefined);

/** Only another resource's change causes it: its new dates and serial number are then not what a reader looks for. */
export const isFollowing = ({ differences }: Change): boolean =>
  differences.length > 0 && differences.every(({ becauseOf }) => becauseOf !== undefined);
