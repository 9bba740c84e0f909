/** Lists of maps. */
import { isAlias, isMap, isSeq, type Node } from 'yaml';
import { maxEntries } from './basic-types.ts';
import type { Fields, FieldType, Reading } from './field.ts';
import { type ObjectOptions, objectOf } from './object-type.ts';
import { atOf, placeOfNode } from './scalar-type.ts';
import { placeAt } from './source-text.ts';

/** Each element keeps its own place: of its first key where it runs over several lines. */
export function objectList<AnyFields extends Fields>(
  fields: AnyFields,
  options: ObjectOptions = {},
): FieldType<readonly Reading<AnyFields>[]> {
  const element = objectOf(fields, options);
  return {
    get schema() {
      return { type: 'array', items: element.schema, maxItems: maxEntries };
    },
    read(node, spot, context) {
      if (isAlias(node)) return undefined;
      const at = atOf(placeOfNode(node, spot, context), spot, context);
      if (!isSeq(node))
        return at.wrong({
          code: 'wrong-type',
          message: `${spot.path} takes a list of maps`,
          hint: 'write each element behind a dash',
          label: 'not a list',
        });
      if (node.items.length > maxEntries)
        return at.wrong({
          code: 'too-many-entries',
          message: `${spot.path} has ${node.items.length} entries, more than ${maxEntries}`,
          hint: 'remove some',
        });
      return (node.items as Node[]).flatMap((item, index) => {
        const key = firstKeyOf(item);
        const [start, end] = (key ?? item).range ?? [0, 0];
        return element.read(item, { path: `${spot.path}.${index}`, key: placeAt(context.source, start, end) }, context) ?? [];
      });
    },
  };
}

const firstKeyOf = (node: Node): Node | undefined => (isMap(node) ? ((node.items[0]?.key ?? undefined) as Node | undefined) : undefined);
