/**
 * How long targets take to write a network, side by side, and how fast a module for
 * PyTorch runs beside one written by hand.
 *
 *     node scripts/run.mjs bench/emit.ts [ROUNDS]
 *
 * Writes the spec with the most operations once for each target in every round, after
 * rounds that warm up; ONNX with weights of zeros, whose making is no part of it. Where a
 * Python with PyTorch is found, `pytorch.py` beside this file follows.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { targetNames, targetOf } from '../src/cli/commands/build/targets.js';
import { emitOnnx } from '../src/codegen/onnx/emit.js';
import { encodeModel } from '../src/codegen/onnx/encode.js';
import type { ValuesOf } from '../src/codegen/onnx/weights.js';
import { emitPyTorch } from '../src/codegen/pytorch/emit.js';
import { compileText, type CompiledModel } from '../src/compile.js';
import { sizeOfWeight, type WeightAxis } from '../src/ir/operations/weights.js';
import { findPython } from '../test/python/find-python.js';

const rounds = Number(process.argv[2] ?? 9);

const specs = readdirSync('specs')
  .filter((name) => name.endsWith('.unet'))
  .map((file) => ({
    file,
    models: compileText(file, readFileSync(`specs/${file}`, 'utf8')).models,
  }));
const sizeOf = (models: readonly CompiledModel[]): number =>
  models.reduce((sum, { graph }) => sum + graph.nodes.length, 0);
const largest = specs.reduce((best, each) =>
  sizeOf(each.models) > sizeOf(best.models) ? each : best,
);

await timeTargets();
runModule();

async function timeTargets(): Promise<void> {
  const { file, models } = largest;
  const zeros: ValuesOf = (_node, weight) => ({
    values: new Float32Array(sizeOfWeight(weight)),
    order: Object.keys(weight.axes) as WeightAxis[],
  });
  const calls: Readonly<Record<string, () => unknown>> = {
    ...Object.fromEntries(
      targetNames.flatMap((name) => {
        const target = targetOf(name);
        return target.kind === 'text' ? [[name, () => target.emit(models, { file })]] : [];
      }),
    ),
    onnx: () => models.map((model) => encodeModel(emitOnnx(model, zeros))),
  };
  const times = new Map(Object.keys(calls).map((name) => [name, [] as number[]]));
  for (let round = -3; round < rounds; round++) {
    for (const [name, call] of Object.entries(calls)) {
      const start = performance.now();
      await call();
      if (round >= 0) times.get(name)!.push(performance.now() - start);
    }
  }
  const middle = (all: readonly number[]): number =>
    all.toSorted((a, b) => a - b)[all.length >> 1]!;
  const first = middle(times.get('ts')!);
  console.log(`${file}, ${sizeOf(models)} operations`);
  for (const [name, all] of times) {
    const cells = [name.padEnd(10), `${middle(all).toFixed(1)} ms`.padStart(10)];
    console.log(`${cells.join(' ')}  ${(middle(all) / first).toFixed(2)} x ts`);
  }
}

function runModule(): void {
  const python = findPython();
  if (python === undefined) {
    console.log('No Python with PyTorch: "npm run python-env", or UNETC_PYTHON.');
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'unetc-bench-'));
  try {
    const { models } = specs.find(({ file }) => file === 'unet-padded.unet')!;
    const { text } = emitPyTorch(models, { file: 'unet-padded.unet' }).value!;
    writeFileSync(join(folder, 'unet_padded.py'), text);
    const words = ['bench/pytorch.py', join(folder, 'unet_padded.py'), 'UNetPadded'];
    spawnSync(python, ['-B', '-W', 'ignore', ...words], { stdio: 'inherit' });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
