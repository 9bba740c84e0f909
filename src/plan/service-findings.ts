/** What is found about the services of a certificate: whether they serve what is on disk, and may read it. */
import { type DesiredService, holdsPrivateKey } from '../domain/desired-state.ts';
import { mayRead } from '../domain/permission.ts';
import type { Finding } from '../domain/plan.ts';
import { servedText } from '../domain/served.ts';
import { type CheckContext, certificateOf } from './check-context.ts';
import type { ServiceTable } from './service-reloads.ts';

/** Another certificate is served than the one that counts on disk; or it was not seen which. Says nothing while there is none on disk. */
export function servedFindings(context: CheckContext): readonly Finding[] {
  const { view, observed } = context;
  const certificate = certificateOf(context);
  const served = observed.served?.get(view.desired.address);
  const probe = view.desired.kind === 'cert' ? view.desired.probe : undefined;
  // An inventory may have been taken when the YAML named another endpoint.
  if (!certificate || !probe || served?.endpoint !== probe.tls) return [];
  const place = view.desired.places.get('probe') ?? view.desired.place;
  if (served.state === 'failed') return [{ code: 'service-unreachable', detail: servedText(served), place }];
  if (served.certificate.sha256 === certificate.sha256) return [];
  return [{ code: 'service-stale', detail: servedText(served), place }];
}

/** By mode, owner and groups of what is on disk, not by trying: we are somebody else. Access lists and capabilities are not looked at. */
export function unreadableFindings({ view, observed, options }: CheckContext, services: ServiceTable): readonly Finding[] {
  const { desired } = view;
  if (desired.kind !== 'cert' || options.root !== '') return [];
  const users = new Map<string, DesiredService>();
  for (const name of desired.services) {
    const service = services.get(name);
    if (service?.user !== undefined && !users.has(service.user)) users.set(service.user, service);
  }
  return [...users].flatMap(([name, service]) => {
    const user = observed.serviceUsers?.get(name);
    if (!user) return [];
    return view.files.flatMap(({ desired: { path, role }, observed: file, set }): readonly Finding[] => {
      if (set !== 0 || !holdsPrivateKey(role) || file.state === 'absent' || !file.status) return [];
      const closed = user.closedFolders.find((folder) => path.startsWith(folder === '/' ? folder : `${folder}/`));
      if (closed === undefined && mayRead(file.status, user)) return [];
      const why = closed === undefined ? path : `${path} lies in ${closed}, which it may not enter`;
      return [{ code: 'unreadable-for-service', detail: `${name} of service/${service.name}: ${why}`, file: path }];
    });
  });
}
