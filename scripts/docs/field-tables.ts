/** Tables of fields for docs/desired-state.md, from the schema that the field table prints. */
import { resourceFields } from '../../src/desired-state/fields.ts';
import { reservedWords } from '../../src/desired-state/reserved-words.ts';
import { desiredStateSchema } from '../../src/desired-state/schema.ts';

interface Schema {
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly $ref?: string;
}

const schema = desiredStateSchema() as unknown as Schema & { readonly definitions: Readonly<Record<string, Schema>> };
const prefix = '#/definitions/';
/** What a reference stands for; a description beside the reference is the field's own. */
const followed = ({ $ref, ...field }: Schema): Schema => ({
  ...($ref === undefined ? {} : schema.definitions[$ref.slice(prefix.length)]),
  ...field,
});
const propertiesOf = (definition: string): Readonly<Record<string, Schema>> => mapped(schema.definitions[definition]?.properties);
const mapped = (properties: Schema['properties'] = {}): Readonly<Record<string, Schema>> =>
  Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, followed(field)]));

interface Row {
  readonly path: string;
  readonly field: Schema;
}

/** The fields of a map, of the maps in a list, or of one of several forms. */
const innerFields = (path: string, field: Schema): readonly (readonly [path: string, field: Schema])[] =>
  [field, ...(field.items ? [followed(field.items)] : []), ...(field.anyOf ?? []).map(followed)]
    .flatMap(({ properties }) => Object.entries(mapped(properties)))
    .map(([name, inner]) => [`${path}${field.items ? '[]' : ''}.${name}`, inner]);

const pathsOf = (path: string, field: Schema): readonly string[] => [
  path,
  ...innerFields(path, field).flatMap(([inner, value]) => pathsOf(inner, value)),
];

/** A field and the fields inside it; what was described before under the same name is not described again. */
function rowsOf(path: string, field: Schema, seen: Set<string>): readonly Row[] {
  const name = path.slice(path.lastIndexOf('.') + 1);
  const known = path.includes('.') && seen.has(`${name}: ${field.description}`);
  seen.add(`${name}: ${field.description}`);
  const rest = innerFields(path, field).flatMap(([inner, value]) => rowsOf(inner, value, seen));
  return known ? rest : [{ path, field }, ...rest];
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`).join('\n');

const code = (text: string): string => (text === '' ? '' : `\`${text}\``);
const exampleOf = ({ examples = [] }: Schema): string => code(inlineYaml(examples[0]));

/** A value as one line of YAML. */
function inlineYaml(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inlineYaml).join(', ')}]`;
  if (typeof value === 'object' && value !== null && Object.keys(value).length === 0) return '{}';
  if (typeof value === 'object' && value !== null)
    return `{ ${Object.entries(value)
      .map(([key, inner]) => `${key}: ${inlineYaml(inner)}`)
      .join(', ')} }`;
  if (typeof value !== 'string') return String(value ?? '');
  return /^[A-Za-z/][\w ./@+-]*$|^\d+[a-z]$|^\d+(?:\.\d+){3}$/.test(value) ? value : JSON.stringify(value);
}

/** Fields of authorities and certificates: of which of the two, and whether `defaults` may give them. */
export function resourceFieldTable(): string {
  const [authority, certificate] = [propertiesOf('authority'), propertiesOf('certificate')];
  const paths = (definition: string) => new Set(Object.entries(propertiesOf(definition)).flatMap(([name, field]) => pathsOf(name, field)));
  const inDefaults = [...paths('defaults.authorities'), ...paths('defaults.certificates')];
  const [ofAuthorities, ofCertificates] = [paths('authority'), paths('certificate')];
  const seen = new Set<string>();
  const rows = Object.keys(resourceFields).flatMap((name) => rowsOf(name, certificate[name] ?? authority[name] ?? {}, seen));
  return table(
    ['field', 'of', 'in defaults', 'meaning', 'example'],
    rows.map(({ path, field }) => [
      code(path.replace(/^files\.\w+\./, 'files.ROLE.')),
      ofAuthorities.has(path) ? (ofCertificates.has(path) ? 'both' : 'authorities') : 'certificates',
      inDefaults.includes(path) ? 'yes' : '',
      field.description ?? '',
      exampleOf(field),
    ]),
  );
}

/** The outermost fields of a file. */
export const topFieldTable = (): string => fieldTable(schema.properties);
export const serviceFieldTable = (): string => fieldTable(propertiesOf('service'));

const fieldTable = (fields: Schema['properties']): string =>
  table(
    ['field', 'meaning', 'example'],
    Object.entries(mapped(fields)).map(([name, field]) => [code(name), field.description ?? '', exampleOf(field)]),
  );

export const reservedWordTable = (): string =>
  table(
    ['word', 'will be'],
    Object.entries(reservedWords).map(([word, meaning]) => [code(word), meaning]),
  );
