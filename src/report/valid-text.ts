/** What `validate` says when the text is in order. */
import type { DesiredState } from '../domain/desired-state.ts';
import { formatSources } from './plan-context.ts';

const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

/** `etcd.yaml is valid: 1 authority, 3 certificates, 2 services.` */
export function validText(state: DesiredState): string {
  const authorities = state.resources.filter(({ kind }) => kind === 'ca').length;
  const parts = [
    counted(authorities, 'authority', 'authorities'),
    counted(state.resources.length - authorities, 'certificate', 'certificates'),
    ...(state.services.length > 0 ? [counted(state.services.length, 'service', 'services')] : []),
  ];
  return `${formatSources(state)} ${state.sources.length === 1 ? 'is' : 'are'} valid: ${parts.join(', ')}.\n`;
}
