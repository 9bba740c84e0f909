/**
 * The text of `load`, which the main part of a bundle is given as its `require`: chunks ask for each other by `./name`, for Node's modules by their own.
 * A chunk runs once.
 * @returns {string}
 */
export const chunkLoader = (/** @type {string} the statement that runs chunk `name` with (chunk.exports, load, chunk) */ evaluate) => `
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
    ${evaluate}
  }
  return chunk.exports;
}`;
