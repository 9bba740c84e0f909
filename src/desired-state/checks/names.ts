/** Names across files: each resource, service, window and gate once, no variable for nothing, something to do at all. */
import type { Place } from '../../domain/diagnostic.ts';
import { didYouMean, quoted, type Report } from '../problem.ts';
import type { Whole } from './whole.ts';

export function checkDuplicateNames(whole: Whole): void {
  const first = new Map<string, Place>();
  const all = [
    ...whole.resources,
    ...whole.files.flatMap(({ services, windows, gates }) => [
      ...services.map((service) => ({ ...service, address: `service/${service.name}` })),
      ...windows.map((window) => ({ ...window, address: `window/${window.name}` })),
      ...gates.map((gate) => ({ ...gate, address: `gate/${gate.name}` })),
    ]),
  ];
  for (const { address, place, report } of all) {
    const earlier = first.get(address);
    if (!earlier) first.set(address, place);
    else
      report({
        code: 'duplicate-name',
        place,
        message: `${address} is described twice`,
        hint: 'names are unique over all files that are read: rename or remove one',
        label: 'again here',
        related: [{ message: 'first here', place: earlier }],
      });
  }
}

export function checkVariables({ files, complete }: Whole, set: ReadonlyMap<string, string>, report: Report): void {
  for (const { source, variables, usedVariables } of files) {
    // A use in a field that could not be read is a use all the same.
    const written = new Set([...source.text.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name));
    for (const [name, place] of variables.defined) {
      if (usedVariables.has(name) || written.has(name)) continue;
      report({
        code: 'unused-variable',
        place,
        message: `the variable ${quoted(name)} is not used`,
        hint: `write \${${name}} where it belongs, or remove it`,
        label: 'used nowhere in this file',
      });
    }
  }
  for (const name of set.keys()) {
    if (!complete || files.some(({ variables, usedVariables }) => usedVariables.has(name) || variables.defined.has(name))) continue;
    const known = files.flatMap(({ variables }) => [...variables.defined.keys()]);
    report({
      code: 'unknown-variable',
      place: undefined,
      message: `--set names the variable ${quoted(name)}, which no file uses`,
      hint: didYouMean(name, known) ?? 'check its name',
    });
  }
}

/** An empty desired state is never taken for the wish that nothing be there. */
export function checkNotEmpty({ resources, files, complete }: Whole, report: Report): void {
  const [first] = files;
  if (resources.length > 0 || !first || !complete) return;
  const place = { file: first.source.file, line: 1, column: 1, endLine: 1, endColumn: 1 };
  report({
    code: 'file-empty',
    place,
    message: 'neither an authority nor a certificate is described',
    hint: 'describe some under authorities and certificates; an empty desired state never means that nothing is desired',
  });
}
