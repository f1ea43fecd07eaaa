/** Runs in a page: trains some steps of a network on its WebGPU, and gives their losses. */
import * as backend from '@tensorflow/tfjs-backend-webgpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import { compileText } from '../../src/compile.js';
import * as unetc from '../../src/runtime/page.js';
import { lossesOf } from './training-steps.js';

export async function train(text) {
  const { gpu } = navigator;
  const engine = await unetc.startWebgpu(() => Promise.resolve({ gpu, backend }));
  const { graph } = compileText('page.unet', text).models[0];
  return { description: engine.description, losses: await lossesOf(graph, unetc, tf) };
}
