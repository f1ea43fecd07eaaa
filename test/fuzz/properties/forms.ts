import * as tf from '../../../src/runtime/tensorflow.js';
import type { CompiledModel } from '../../../src/compile.js';
import { writeModule } from '../../../src/codegen/typescript/emit.js';
import { hasErrors } from '../../../src/diagnostics/diagnostic.js';
import { graphWeights } from '../../../src/codegen/tfjs/weights.js';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import { evaluateModule, type Exports } from '../../codegen/load-module.js';
import { compareForms, largestMap, tellingSizes } from '../../networks/forms.js';
import { subjectPath, type Property } from './property.js';

/** What the reference in float64 still has time for: values of all weights, pixels of a map. */
const most = { weights: 20_000, work: 3_000_000 };

/** Every form of a model gives the same values: functional, folded, layers, loaded, emitted. */
export const forms: Property = {
  name: 'forms',
  async check({ compilation: { models, diagnostics } }) {
    const small = hasErrors(diagnostics) ? [] : models.filter((model) => isSmall(model));
    if (small.length === 0) return undefined;
    await startEngine('wasm');
    const code = writeModule(models, { file: subjectPath });
    const exports = evaluateModule(code, { '@tensorflow/tfjs': tf });
    for (const model of small) {
      const build = builderOf(model.name, exports);
      if (build === undefined) return `The module builds no ${model.name}\n${code}`;
      for (const size of tellingSizes(model, 6)) {
        if (workOf(model, size) > most.work) continue;
        const found = await compareForms(model, size, build);
        if (found.length === 0) continue;
        return `${found[0]!.replace(/ by .*/, '')}\n${size.join(' x ')}: ${found.join('; ')}`;
      }
    }
    return undefined;
  },
};

/** The function that builds the model; in its name only letters and digits of the model's are kept. */
function builderOf(model: string, exports: Exports): (() => tf.LayersModel) | undefined {
  const plain = (name: string): string => name.replace(/[^a-z0-9]/gi, '').toLowerCase();
  const found = Object.entries(exports).find(([name]) =>
    plain(name).startsWith(plain(`build${model}`)),
  );
  return found?.[1] as (() => tf.LayersModel) | undefined;
}

const isSmall = ({ graph }: CompiledModel): boolean => weightCount(graph) <= most.weights;

const weightCount = (graph: CompiledModel['graph']): number =>
  graphWeights(graph).reduce((sum, { shape }) => sum + tf.util.sizeFromShape([...shape]), 0);

/** An upper bound of the multiplications for an image of that size. */
const workOf = (model: CompiledModel, size: readonly [number, number]): number =>
  largestMap(model, size) * (weightCount(model.graph) + 10 * model.graph.nodes.length);
