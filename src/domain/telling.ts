/** How a service is told that its files have changed. */
export interface Telling {
  /** The program and its arguments; empty where a static pod is restarted. */
  readonly argv: readonly string[];
  /** The static pod that is restarted, named as its manifest has it. */
  readonly staticPod?: string | undefined;
}

/** Nothing else of what may stand beside it: for hashes, which must not see an absent pod. */
export const tellingOf = ({ argv, staticPod }: Telling): Telling => ({ argv, ...(staticPod !== undefined && { staticPod }) });

/** As JSON documents have it: who knows nothing of static pods sees a program without words. */
export const tellingJson = ({ argv, staticPod }: Telling): { readonly argv: readonly string[]; readonly static_pod?: string } => ({
  argv,
  ...(staticPod !== undefined && { static_pod: staticPod }),
});

export const sameTelling = (left: Telling, right: Telling): boolean =>
  left.staticPod === right.staticPod && left.argv.length === right.argv.length && left.argv.every((word, at) => word === right.argv[at]);
