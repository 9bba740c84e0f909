/** A JSON document as accidents and enemies leave it: fields taken away, doubled, exchanged, of another type, of another size. */
import fc from 'fast-check';

type Json = unknown;

const odd: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(
    null,
    true,
    false,
    0,
    -1,
    1e308,
    Number.MAX_SAFE_INTEGER,
    '',
    'x',
    '\u0000',
    '\u001b[31mred\u001b[0m',
    '\u202e',
    '__proto__',
    {},
    [],
  ),
  fc.constantFrom<Json>(
    '2026-13-45T99:99:99Z',
    '9999-12-31T23:59:59Z',
    'sha256:00',
    'ca/',
    '../../etc/passwd',
    '-----BEGIN PRIVATE KEY-----',
  ),
  fc.string(),
  fc.integer(),
  fc.jsonValue({ maxDepth: 2 }),
);

type Path = readonly (string | number)[];

function pathsIn(value: Json, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, part]) => pathsIn(part, [...path, Array.isArray(value) ? Number(key) : key]))];
}

type Accident = { readonly how: 'replace'; readonly by: Json } | { readonly how: 'remove' } | { readonly how: 'double' };

function spoiled(document: Json, path: Path, accident: Accident): Json {
  const [key, ...rest] = path;
  if (key === undefined) return accident.how === 'replace' ? accident.by : document;
  if (typeof document !== 'object' || document === null) return document;
  const copy = (Array.isArray(document) ? [...document] : { ...document }) as Record<string | number, Json>;
  if (rest.length > 0) copy[key] = spoiled(copy[key], rest, accident);
  else if (accident.how === 'replace') copy[key] = accident.by;
  else if (Array.isArray(copy))
    copy.splice(Number(key), accident.how === 'remove' ? 1 : 0, ...(accident.how === 'remove' ? [] : [copy[key]]));
  else if (accident.how === 'remove') delete copy[key];
  return copy as Json;
}

/** One to three accidents to the document. */
export function mutatedDocuments(document: Json): fc.Arbitrary<Json> {
  const paths = pathsIn(document);
  const accident: fc.Arbitrary<Accident> = fc.oneof(
    { weight: 4, arbitrary: odd.map((by) => ({ how: 'replace' as const, by })) },
    { weight: 1, arbitrary: fc.constant({ how: 'remove' as const }) },
    { weight: 1, arbitrary: fc.constant({ how: 'double' as const }) },
  );
  return fc
    .array(fc.tuple(fc.constantFrom(...paths), accident), { minLength: 1, maxLength: 3 })
    .map((accidents) => accidents.reduce((before: Json, [path, what]) => spoiled(before, path, what), document));
}
