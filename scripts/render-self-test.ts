import prettier from 'prettier';
import { startEngine } from '../src/runtime/engines/start-engine.js';
import { measureStep } from '../src/runtime/self-test/measure.js';

/** Where the numbers of the self-test are. */
export const selfTestPath = 'src/runtime/self-test/traces.generated.ts';

/**
 * What the plain JavaScript engine, which shares no kernel with the others, computes in the step of the
 * self-test. `test/runtime/self-test` holds it to the definitions in float64.
 */
export async function renderSelfTest(): Promise<string> {
  await startEngine('cpu');
  const traces = Object.entries(await measureStep()).map(
    ([name, [norm, projection]]) =>
      `'${name}': [${norm.toPrecision(6)}, ${projection.toPrecision(6)}],`,
  );
  const text = `// Written by "npm run generate" from what the engine "cpu" computes.
import type { Traces } from './measure.js';

/** The known step in numbers: norm and projection of each tensor. */
export const expectedTraces: Traces = {
${traces.join('\n')}
};
`;
  const options = (await prettier.resolveConfig(selfTestPath)) ?? {};
  return prettier.format(text, { ...options, parser: 'typescript' });
}
