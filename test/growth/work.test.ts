import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { describeMetadata } from '../../src/codegen/onnx/metadata.js';
import { emitPyTorch } from '../../src/codegen/pytorch/emit.js';
import { summarise } from '../../src/ir/reports/summary.js';
import { analyseSizes } from '../../src/ir/sizes/sizes.js';
import { createMemoryHost } from '../../src/host.js';
import { inlayHints } from '../../src/lsp/features/inlay-hints.js';
import { Workspace } from '../../src/lsp/workspace.js';
import { modelMemory } from '../../src/runtime/memory/model-memory.js';
import { compileGrown } from './compile-grown.js';
import { countWork, stopCounting } from './count-work.js';
import { growths, type GrowthName } from './growing-specs.js';

const uri = 'file:///net.unet';
const everywhere = { start: { line: 0, character: 0 }, end: { line: 1e6, character: 0 } };

// What ran fast before is not counted.
beforeAll(() => countWork(() => compileGrown('chain', 1)));
afterAll(stopCounting);

describe('the work of', () => {
  it.each<[GrowthName, number]>([
    ['chain', 200],
    ['fan', 500],
    ['heads', 200],
    ['blocks', 200],
    ['imports', 100],
    ['models', 100],
    ['unused', 500],
    ['parameters', 200],
    ['options', 200],
  ])('compiling and summing up grows as %s do, from %d on', async (name, n) => {
    const work = (size: number): Promise<number> =>
      countWork(() => {
        for (const model of compileGrown(name, size).models) {
          modelMemory(model, summarise(model.graph, model.sizes, undefined).size);
        }
      });
    const [small, large] = [await work(n), await work(4 * n)];
    expect(large / small).toBeLessThan(4 * 1.2);
  });

  it.each<[GrowthName, number, number]>([
    ['heads', 100, 1.1],
    ['diamonds', 100, 1.1],
    ['parameters', 100, 1.1],
    ['options', 100, 1.1],
  ])('writing PyTorch grows as %s do, from %d on', async (name, n, exponent) => {
    const work = (size: number): Promise<number> =>
      countWork(() => emitPyTorch(compileGrown(name, size).models, { file: 'net.unet', set: {} }));
    expect((await work(4 * n)) / (await work(n))).toBeLessThan(4 ** exponent);
  });

  it.each<[GrowthName, number]>([
    ['models', 100],
    ['encoder', 200],
    ['heads', 200],
  ])('sizes behind lines in the editor grow as %s do, from %d on', async (name, n) => {
    const work = (size: number): Promise<number> => {
      const workspace = new Workspace(createMemoryHost({}), undefined);
      workspace.update(uri, 1, growths[name].grow(size).text);
      const analysis = workspace.analyse(uri)!;
      return countWork(() => inlayHints({ workspace, analysis }, everywhere));
    };
    expect((await work(4 * n)) / (await work(n))).toBeLessThan(4 * 1.2);
  });

  it('writing ONNX metadata grows as heads do', async () => {
    const work = (size: number): Promise<number> =>
      countWork(() => describeMetadata(compileGrown('heads', size).models[0]!));
    expect((await work(200)) / (await work(50))).toBeLessThan(4 * 1.2);
  });

  it('describing sizes at thousands of residues stays near that of proving them', async () => {
    const { graph, sizes } = compileGrown('residues', 2048).models[0]!;
    expect(sizes.height.residues).toHaveLength(2048);
    const proving = await countWork(() => analyseSizes(graph));
    const describing = await countWork(() => summarise(graph, sizes, undefined));
    expect(describing).toBeLessThan(3 * proving);
  });
});
