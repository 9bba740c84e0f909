/** Where the desired state stands for others: its paths below the repository, its pages on the web, a word for it. */
import { posix } from 'node:path';
import type { Place } from '../domain/diagnostic.ts';
import type { Run } from './run.ts';

type Surroundings = Pick<Run, 'environment' | 'workingFolder'>;

/** The path of a file as it was read, as reviewers know it: below the folder that the pipeline checked out, else below this one; else absolute. */
export function repositoryPath({ environment, workingFolder }: Surroundings, file: string): string {
  const path = posix.resolve(workingFolder, file);
  const folders = [environment['GITHUB_WORKSPACE'], environment['CI_PROJECT_DIR'], workingFolder];
  const folder = folders.find(
    (candidate) => candidate?.startsWith('/') && path.startsWith(`${posix.normalize(candidate).replace(/\/$/, '')}/`),
  );
  return folder === undefined ? path : posix.relative(folder, path);
}

export const repositoryPlace = (run: Surroundings, place: Place): Place => ({ ...place, file: repositoryPath(run, place.file) });

/** Where GitHub or GitLab show the files of this very commit, ended by a slash; undefined elsewhere. */
export function webFolder({ environment }: Surroundings): string | undefined {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_SHA: commit } = environment;
  if (isAddress(server) && repository && /^[\w.-]+\/[\w.-]+$/.test(repository) && isCommit(commit))
    return `${server}/${repository}/blob/${commit}/`;
  const { CI_PROJECT_URL: project, CI_COMMIT_SHA: sha } = environment;
  return isAddress(project) && isCommit(sha) ? `${project}/-/blob/${sha}/` : undefined;
}

const isAddress = (text: string | undefined): text is string => text !== undefined && /^https?:\/\/[\w.:/-]+$/.test(text);
const isCommit = (text: string | undefined): text is string => text !== undefined && /^[0-9a-f]{40,64}$/.test(text);

/** `etcd` for `desired-state/etcd.yaml`, `etcd@controller-0` with `--host`: reports of the same name replace each other. */
export function reportName(paths: readonly string[], { options, workingFolder }: Pick<Run, 'options' | 'workingFolder'>): string {
  const names = paths.map((path) => posix.basename(posix.resolve(workingFolder, path)).replace(/\.ya?ml$/, ''));
  const host = options.host === undefined ? [] : [options.host];
  // It stands in a comment of HTML and in an identifier: letters, digits and single hyphens end neither.
  const safe = (text: string): string => text.replace(/[^A-Za-z0-9._+]+/g, '-').slice(0, 80);
  const named = names.length <= 3 ? names.join('+') : `${names[0]}+${names.length - 1}`;
  return [safe(named) || 'desired-state', ...host.map(safe)].join('@');
}
