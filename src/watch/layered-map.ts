/** A map that few entries of a large one are changed in: what is put over it costs what it touches, and what lies below stays as it is for others. */
export class LayeredMap<Key, Value> implements ReadonlyMap<Key, Value> {
  readonly #below: ReadonlyMap<Key, Value>;
  readonly #over = new Map<Key, Value>();
  readonly #gone = new Set<Key>();

  constructor(below: ReadonlyMap<Key, Value>) {
    this.#below = below;
  }

  set(key: Key, value: Value): void {
    this.#gone.delete(key);
    this.#over.set(key, value);
  }

  delete(key: Key): void {
    this.#over.delete(key);
    if (this.#below.has(key)) this.#gone.add(key);
  }

  has(key: Key): boolean {
    return this.#over.has(key) || (this.#below.has(key) && !this.#gone.has(key));
  }

  get(key: Key): Value | undefined {
    if (this.#over.has(key)) return this.#over.get(key);
    return this.#gone.has(key) ? undefined : this.#below.get(key);
  }

  get size(): number {
    return [...this.keys()].length;
  }

  *entries(): MapIterator<[Key, Value]> {
    for (const [key, value] of this.#below) if (!this.#over.has(key) && !this.#gone.has(key)) yield [key, value];
    yield* this.#over.entries();
  }

  *keys(): MapIterator<Key> {
    for (const [key] of this.entries()) yield key;
  }

  *values(): MapIterator<Value> {
    for (const [, value] of this.entries()) yield value;
  }

  [Symbol.iterator](): MapIterator<[Key, Value]> {
    return this.entries();
  }

  forEach(body: (value: Value, key: Key, map: ReadonlyMap<Key, Value>) => void): void {
    for (const [key, value] of this.entries()) body(value, key, this);
  }
}
