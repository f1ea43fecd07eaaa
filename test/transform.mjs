import { createTransformer } from '@swc/jest';

/** Globals that loops over pixels and weights use. */
export const hotGlobals = [
  ...['Array', 'BigInt', 'DataView', 'Error', 'Map', 'Math', 'Number', 'Object', 'Set', 'String'],
  ...['Float32Array', 'Float64Array', 'Int32Array', 'Uint8Array', 'Uint8ClampedArray'],
];

/**
 * Compiles TypeScript with swc. In Jest's sandbox each look at a global calls an
 * interceptor of Node.js, some hundred times slower than a variable, so modules take those
 * that loops use once, on their first line.
 */
const swc = createTransformer({
  jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
  module: { type: 'es6' },
});
const take = `const { ${hotGlobals.join(', ')} } = globalThis; `;
const taking = ({ code, ...rest }) => ({ ...rest, code: take + code });

export default {
  ...swc,
  process: (...source) => taking(swc.process(...source)),
  processAsync: async (...source) => taking(await swc.processAsync(...source)),
  getCacheKey: (...source) => `${swc.getCacheKey(...source)}-${hotGlobals.join('-')}`,
};
