const nothing: readonly never[] = [];

/**
 * The same list for whoever keeps it: exactly as long as it is, and one and the same where it is empty. V8 leaves room for sixteen more behind the first
 * element that is pushed onto a list (as `flatMap` and `filter` do), 130 octets for each of the many lists of one element that ten thousand resources have.
 */
export const compact = <Value>(list: readonly Value[]): readonly Value[] => (list.length === 0 ? nothing : list.slice());
