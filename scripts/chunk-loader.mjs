/** How a chunk stands in the program: `vm.Script` makes of it the function that is called. Not `compileFunction`, which takes a compiled form from before and gives none back. */
export const wrapped = (/** @type {string} */ chunk) => `(function(exports,require,module){${chunk}\n})`;

/**
 * The text of `load`, which the main part of a bundle is given as its `require`: chunks ask for each other by `./name`, for Node's modules by their own.
 * A chunk runs once.
 * @returns {string}
 */
export const chunkLoader = (/** @type {string} an expression: the `vm.Script` of the chunk called `name` */ script) => `
const loaded = new Map();
// Modules of Node that few runs need are loaded when something of them is first used: 6 ms, where an empty Node takes 60.
const seldom = ['node:child_process', 'node:crypto', 'node:net', 'node:timers/promises', 'node:tls'];
const whenUsed = (name) => new Proxy({}, {
  get: (_, key) => require(name)[key],
  // Whoever copies it (import() does, as esbuild writes it) sees what is there.
  ownKeys: () => Reflect.ownKeys(require(name)),
  getOwnPropertyDescriptor: (_, key) => {
    const found = Object.getOwnPropertyDescriptor(require(name), key);
    return found && { ...found, configurable: true };
  },
});
function load(name) {
  if (seldom.includes(name)) return whenUsed(name);
  if (!name.startsWith('./')) return require(name);
  let chunk = loaded.get(name);
  if (chunk === undefined) {
    loaded.set(name, (chunk = { exports: {} }));
    (${script}).runInThisContext()(chunk.exports, load, chunk);
  }
  return chunk.exports;
}`;
