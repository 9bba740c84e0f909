/** What YAML allows and the desired state does not: aliases, anchors, merge keys, keys twice, keys that are not names. */
import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml';
import { type Problem, quoted } from './problem.ts';
import { placeAt, type SourceText } from './source-text.ts';

/** Judges the whole tree, whether or not a field of ours is there. At most 64 deep: `tooDeep` has been asked before. */
export function guardNodes(source: SourceText, root: Node): readonly Problem[] {
  const problems: Problem[] = [];
  const open: { readonly anchor: string; readonly node: Node }[] = [];
  const visit = (node: unknown): void => {
    if (isAlias(node)) {
      problems.push(
        ...aliasProblem(
          source,
          node,
          open.some(({ anchor }) => anchor === node.source),
        ),
      );
      return;
    }
    const anchor = (isMap(node) || isSeq(node) || isScalar(node)) && node.anchor;
    if (anchor) {
      problems.push(anchorProblem(source, node as Node, anchor));
      open.push({ anchor, node: node as Node });
    }
    if (isMap(node)) {
      problems.push(...keyProblems(source, node));
      for (const { key, value } of node.items as Pair[]) {
        if (!isScalar(key)) visit(key);
        if (!isMergeKey(key)) visit(value);
      }
    } else if (isSeq(node)) for (const item of node.items) visit(item);
    if (anchor) open.pop();
  };
  visit(root);
  return problems;
}

const isMergeKey = (key: unknown): boolean => isScalar(key) && key.value === '<<';

function aliasProblem(source: SourceText, alias: Node, cyclic: boolean): readonly Problem[] {
  const [start, end] = alias.range as [number, number, number];
  const written = source.text.slice(start, end);
  // A wildcard has been reported where the tokens were looked at.
  if (/^\*(?:\.|$)/.test(written)) return [];
  const place = placeAt(source, start, end);
  return cyclic
    ? [
        {
          code: 'alias-cyclic',
          place,
          message: `the alias ${quoted(written)} is cyclic: it stands inside what it points to`,
          hint: 'leave it out',
          label: 'points to what it stands in',
        },
      ]
    : [
        {
          code: 'alias',
          place,
          message: `the alias ${quoted(written)} is not read here`,
          hint: 'use defaults or a variable; if it is text, quote it',
          label: 'a YAML alias',
        },
      ];
}

function anchorProblem(source: SourceText, node: Node, anchor: string): Problem {
  const start = (node.range as [number, number, number])[0];
  const found = source.text.lastIndexOf(`&${anchor}`, start);
  const place = found < 0 ? placeAt(source, start, start + 1) : placeAt(source, found, found + anchor.length + 1);
  return {
    code: 'anchor',
    place,
    message: `the anchor ${quoted(`&${anchor}`)} is not read here`,
    hint: 'use defaults or a variable; if it is text, quote it',
    label: 'a YAML anchor',
  };
}

function keyProblems(source: SourceText, map: YAMLMap): readonly Problem[] {
  const keys = new Map<string, () => ReturnType<typeof placeAt>>();
  return (map.items as Pair[]).flatMap(({ key }): readonly Problem[] => {
    const [start, end] = (key as Node | null)?.range ?? (map.range as [number, number, number]);
    // Found out for the few that are told of: a file has hundreds of keys.
    const place = () => placeAt(source, start, end);
    if (!isScalar(key))
      return [
        {
          code: 'wrong-type',
          place: place(),
          message: 'a key must be a name, not a list or a map',
          hint: 'write a name followed by a colon',
          label: 'not a name',
        },
      ];
    const name = String(key.value);
    if (name === '<<')
      return [
        {
          code: 'merge-key',
          place: place(),
          message: 'merge keys are not read here',
          hint: 'use defaults, which hold for all authorities or certificates of a file',
          label: 'YAML 1.2 takes this for a plain key',
        },
      ];
    const first = keys.get(name);
    keys.set(name, first ?? place);
    return first
      ? [
          {
            code: 'duplicate-key',
            place: place(),
            message: `the key ${quoted(name)} stands here twice`,
            hint: 'remove one of the two',
            label: 'again here',
            related: [{ message: 'first here', place: first() }],
          },
        ]
      : [];
  });
}
