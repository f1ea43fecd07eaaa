import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { graphWeights } from '../../src/codegen/tfjs/weights.js';
import { weightsName } from '../../src/ir/operations/weights.js';
import type { CompiledModel } from '../../src/compile.js';
import { batchOfNorms, variedWeights } from '../networks/forms.js';
import { imagesOf, runOurs, stepOfOurs, type Values } from './ours.js';

/** A tensor in a file of numbers: its shape, and how many numbers lie before it. */
interface Place {
  readonly shape: readonly number[];
  readonly at: number;
}

/**
 * Writes `<id>.bin`, what a model of ours takes and gives as 32-bit numbers one after the
 * other, and returns what they are, in JSON's types: weights by our names and in our order
 * of axes, images, outputs and predictions for each size, and a step of training. Nothing
 * in it belongs to one target.
 */
export async function writeCase(
  folder: string,
  id: string,
  model: CompiledModel,
  sizes: readonly (readonly [number, number])[],
): Promise<object> {
  const { graph } = model;
  const parts: Float32Array[] = [];
  let at = 0;
  const place = ({ shape, values }: Values): Place => {
    parts.push(values);
    at += values.length;
    return { shape, at: at - values.length };
  };
  const store = variedWeights(graph);
  const values = await store.values();
  const nodes = new Map(graph.nodes.map((node) => [weightsName(node), node]));
  const weights = graphWeights(graph).map(({ name, role, shape, trainable }) => {
    const { op, isFrozen } = nodes.get(name.slice(0, name.lastIndexOf('/')))!;
    const own = place({ shape, values: values.get(name)! });
    return { name, role, operation: op.kind, isTrained: trainable, isFrozen, ...own };
  });
  const runs = sizes.map((size, index) => {
    const { image, outputs, predictions } = runOurs(model, store, imagesOf(model, size, index + 1));
    return {
      image: place(image),
      outputs: outputs.map(({ name, logits, ...own }) => ({
        name,
        ...place(own),
        logits: place(logits),
      })),
      predictions: predictions.map(place),
    };
  });
  const last = sizes.at(-1)!;
  const step = stepOfOurs(model, store, imagesOf(model, last, batchOfNorms(model, last)));
  store.dispose();
  const byName = (all: ReadonlyMap<string, Values>): readonly object[] =>
    [...all].map(([name, own]) => ({ name, ...place(own) }));
  const written = {
    id,
    weights,
    runs,
    step: {
      image: place(step.image),
      truths: step.truths.map(({ activation, ...own }) => ({ activation, ...place(own) })),
      loss: step.loss,
      gradients: byName(step.gradients),
      statistics: byName(step.statistics),
    },
  };
  const all = new Float32Array(at);
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  writeFileSync(join(folder, `${id}.bin`), new Uint8Array(all.buffer));
  return written;
}
