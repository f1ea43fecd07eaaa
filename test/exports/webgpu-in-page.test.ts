import { afterAll, expect, test } from '@jest/globals';
import { build } from 'esbuild';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { compileText } from '../../src/compile.js';
import { startEngine } from '../../src/runtime/engines/start-engine.js';
import * as unetc from '../../src/runtime/page.js';
import * as tf from '../../src/runtime/tensorflow.js';
import { root } from '../codegen/cases.js';
import { relativeError } from '../runtime/numeric.js';
import { answerOfPage, hasChromium } from './browser.js';
import { lossesOf, type TrainingAnswer } from './training-steps.js';

const name = `.tmp/webgpu-page-${process.pid}.js`;
afterAll(() => rmSync(join(root, name), { force: true }));

const text = `
model Page {
  input image: [H, W, 1]
  encoder plain {
    widths: [4, 8]
    stage: conv(width, 3, bias: false) -> batch_norm -> relu
    down: max_pool(2)
  }
  skip plain { merge: [skip, up] -> concat }
  decoder { up: conv_transpose(width, 2, stride: 2), stage: conv(width, 3) -> relu }
  head mask: conv(1, 1) -> sigmoid
}`;

const isPackageHere = existsSync(join(root, 'node_modules/@tensorflow/tfjs-backend-webgpu'));
const inChromium = hasChromium && isPackageHere ? test : test.skip;

/** Chromium's own adapter in software; it is off unless asked for. */
const flags = [
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-features=Vulkan',
];

inChromium(
  'a page in Chromium trains on WebGPU with the losses of wasm in Node.js',
  async () => {
    // For browsers: anything of Node on the way would fail to resolve.
    await build({
      entryPoints: [join(root, 'test/exports/train-on-webgpu.mjs')],
      ...{ outfile: join(root, name), bundle: true, format: 'esm', platform: 'browser' },
    });
    const page = `<!doctype html>
<script type="module">
  const answer = async () => (await import('/${name}')).train(${JSON.stringify(text)});
  const found = await answer().catch((error) => ({ error: String(error) }));
  await fetch('/answer', { method: 'POST', body: JSON.stringify(found) });
</script>`;
    const found = await answerOfPage<TrainingAnswer>(page, 240, flags);
    expect(found).toMatchObject({ description: expect.stringMatching(/^WebGPU on /) });
    await startEngine('wasm');
    const { graph } = compileText('page.unet', text).models[0]!;
    const expected = await lossesOf(graph, unetc, tf);
    expect(relativeError(found.losses, expected)).toBeLessThan(1e-5);
  },
  300_000,
);
