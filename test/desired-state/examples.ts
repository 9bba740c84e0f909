/** The files that people copy, as tests read them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../desired-state/', import.meta.url));

/** The machine that a file is for, where it is not for any. */
const hosts: Readonly<Record<string, string>> = { 'examples/kubeadm.yaml': 'control-plane-1', 'examples/every-field.yaml': 'web-1' };

export interface Example {
  readonly name: string;
  readonly text: string;
  readonly host: string;
}

export const examples: readonly Example[] = ['.', 'examples'].flatMap((part) =>
  readdirSync(join(folder, part))
    .filter((name) => name.endsWith('.yaml'))
    .map((file) => {
      const name = join(part, file);
      return { name, text: readFileSync(join(folder, name), 'utf8'), host: hosts[name] ?? 'host-1' };
    }),
);

export const schemaFile = (): string => readFileSync(join(folder, 'schema.v1.json'), 'utf8');

export const exampleNamed = (name: string): Example => {
  const found = examples.find((example) => example.name === name);
  if (!found) throw new Error(`no example ${name}`);
  return found;
};
