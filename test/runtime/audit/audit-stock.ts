/**
 * Prints what an engine of TensorFlow.js makes of the audited operations, without any kernel of
 * ours, as JSON: `node scripts/run.mjs test/runtime/audit/audit-stock.ts ENGINE`.
 */
import * as tf from '../../../src/runtime/tensorflow.js';
import type { EngineName } from '../../../src/runtime/engines/engine.js';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import { withErrorsHushed } from '../../../src/files/index.js';
import { differentiate, finiteDifferences, relativeError } from '../numeric.js';
import { stockOperations, type StockOperation } from './stock-operations.js';
import type { Verdict } from './verdicts.js';

/** The package with an engine's own kernels. */
const packages: Readonly<Partial<Record<EngineName, string>>> = {
  wasm: '@tensorflow/tfjs-backend-wasm',
  webgpu: '@tensorflow/tfjs-backend-webgpu',
  'tfjs-node': '@tensorflow/tfjs-node',
};

/** Starts an engine and takes our kernels out of it again; gives the name of its backend. */
async function startStock(name: EngineName): Promise<string> {
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '3';
  const module = packages[name];
  if (module !== undefined) await withErrorsHushed(() => import(module));
  const { backend } = name === 'tfjs-node' ? { backend: 'tensorflow' } : { backend: name };
  const stock = tf.getKernelsForBackend(backend);
  await startEngine(name);
  for (const { kernelName } of tf.getKernelsForBackend(backend)) {
    tf.unregisterKernel(kernelName, backend);
  }
  for (const kernel of stock) tf.registerKernel(kernel);
  // Small tensors are computed on the processor otherwise, and nothing would be tried.
  if (name === 'webgpu') tf.env().set('WEBGPU_CPU_FORWARD', false);
  return backend;
}

/** Float32 rounding of values, and of gradients against differences. */
const tolerances = { value: 1e-4, gradient: 1e-2 };

async function judge(backend: string, { run, args }: StockOperation): Promise<Verdict> {
  try {
    const found = await differentiate(backend, run, args);
    const expected = await differences(backend, { run, args });
    if (relativeError(found.output, expected.output) > tolerances.value) return 'wrong value';
    const isRight = found.gradients.every(
      (gradient, at) => relativeError(gradient, expected.gradients[at]!) <= tolerances.gradient,
    );
    return isRight ? 'right' : 'wrong gradient';
  } catch {
    return 'refused';
  }
}

/** Values of the plain engine and their differences; what it refuses, the engine itself computes. */
async function differences(
  backend: string,
  { run, args }: StockOperation,
): Promise<{ readonly output: ArrayLike<number>; readonly gradients: readonly Float64Array[] }> {
  for (const name of ['cpu', backend]) {
    try {
      await tf.setBackend(name);
      const output = tf.tidy(() =>
        run(...args.map(({ values, shape }) => tf.tensor(values, [...shape]))),
      );
      const values = await output.data();
      output.dispose();
      return { output: values, gradients: await finiteDifferences(name, run, args, 1e-2) };
    } catch (error) {
      if (name === backend) throw error;
    }
  }
  throw new Error('no engine computes it');
}

const engine = process.argv[2] as EngineName;
const backend = await startStock(engine);
const verdicts: Record<string, Verdict> = {};
for (const [title, operation] of Object.entries(stockOperations)) {
  verdicts[title] = await judge(backend, operation);
}
process.stdout.write(JSON.stringify(verdicts));
process.exit(0);
