/** No two files at one path: not two resources, not key and certificate, not master and copy; and no file where another needs a folder. */
import type { Place } from '../../domain/diagnostic.ts';
import type { FoundResource, Whole } from './whole.ts';

interface Use {
  readonly path: string;
  readonly place: Place;
  readonly what: string;
  readonly resource: FoundResource;
}

/** Paths are in normal form here, so that `./`, `//` and a slash at the end make no difference. Links are the disk's, and so the plan's. */
export function checkPaths(whole: Whole): void {
  const uses = whole.resources.flatMap(usesOf);
  const byPath = new Map<string, Use>();
  const byFolded = new Map<string, Use>();
  for (const use of uses) {
    const first = byPath.get(use.path);
    const alike = byFolded.get(use.path.toLowerCase());
    if (first) reportTwice(first, use);
    else if (alike) reportAlike(alike, use);
    else byFolded.set(use.path.toLowerCase(), use);
    if (!first) byPath.set(use.path, use);
  }
  for (const use of uses) {
    const above = foldersOf(use.path)
      .map((folder) => byPath.get(folder))
      .find((found) => found !== undefined);
    if (above)
      use.resource.report({
        code: 'duplicate-path',
        place: use.place,
        message: `${use.path} lies in ${above.path}, which is a file of ${above.resource.address}`,
        hint: 'choose another path for one of them',
        label: 'its folder is a file',
        related: [{ message: above.what, place: above.place }],
      });
  }
}

function usesOf(resource: FoundResource): readonly Use[] {
  const files = resource.desired?.fileSets.flatMap(({ files: set }) => set) ?? [];
  const provided = resource.desired?.kind === 'ca' ? resource.desired.provided : undefined;
  const owned = files.map(({ path, place, role }) => ({ path, place, resource, what: `${role} of ${resource.address}` }));
  const brought = [provided?.certificate, provided?.privateKey].filter((path) => path !== undefined);
  for (const path of brought) {
    const target = owned.find((use) => use.path === path);
    if (target)
      resource.report({
        code: 'duplicate-path',
        place: target.place,
        message: `${path} is both what is brought along and where it is installed`,
        hint: 'keep what is provided apart from what is installed',
        label: 'installed here',
        related: [{ message: 'brought along from here', place: provided?.place ?? target.place }],
      });
  }
  return owned;
}

function reportTwice(first: Use, use: Use): void {
  const who =
    first.resource === use.resource
      ? `two files of ${use.resource.address} have`
      : `${first.resource.address} and ${use.resource.address} both have`;
  use.resource.report({
    code: 'duplicate-path',
    place: use.place,
    message: `${who} the path ${use.path}`,
    hint: 'give each file its own path',
    label: `also ${use.what}`,
    related: [{ message: `first ${first.what}`, place: first.place }],
  });
}

function reportAlike(first: Use, use: Use): void {
  use.resource.report({
    code: 'path-differs-in-case',
    place: use.place,
    message: `${use.path} and ${first.path} differ only in upper and lower case`,
    hint: 'write them alike if they are meant to be one, else name them further apart',
    label: use.what,
    related: [{ message: first.what, place: first.place }],
  });
}

const foldersOf = (path: string): readonly string[] => {
  const parts = path.split('/').slice(1, -1);
  return parts.map((_, index) => `/${parts.slice(0, index + 1).join('/')}`);
};
