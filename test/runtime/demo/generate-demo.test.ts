import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspectDataset } from '../../../src/runtime/data/dataset.js';
import { drawDemoPair } from '../../../src/runtime/demo/demo-pairs.js';
import { generateDemo } from '../../../src/runtime/demo/generate-demo.js';
import { growTissue, maskTissue } from '../../../src/runtime/demo/tissue.js';
import { Random } from '../../../src/runtime/random.js';
import { inFolder } from '../data/support/folders.js';

const small = { seed: 3, train: 3, val: 2, size: 40 };

/** The hash of each PNG file below a folder, by its path inside it. */
function filesOf(folder: string): Map<string, string> {
  const names = (readdirSync(folder, { recursive: true }) as string[]).filter((name) =>
    name.endsWith('.png'),
  );
  return new Map(
    names.sort().map((name) => {
      const bytes = readFileSync(join(folder, name));
      return [name, createHash('sha256').update(bytes).digest('hex')];
    }),
  );
}

describe('the demo data set', () => {
  it('is the same, byte for byte, for the same options, and another for another seed', async () => {
    await inFolder(async (folder) => {
      const [a, b, c] = [join(folder, 'a'), join(folder, 'b'), join(folder, 'c')];
      expect(await generateDemo(a, small)).toEqual([]);
      expect(await generateDemo(b, small)).toEqual([]);
      expect(await generateDemo(c, { ...small, seed: 4 })).toEqual([]);
      const files = filesOf(a);
      expect(files.size).toBe(10);
      expect(filesOf(b)).toEqual(files);
      expect([...filesOf(c).keys()]).toEqual([...files.keys()]);
      for (const [name, hash] of filesOf(c)) expect(hash).not.toBe(files.get(name));
      expect(new Set(files.values()).size).toBe(10);
    });
  });

  it('passes inspection', async () => {
    await inFolder(async (folder) => {
      await generateDemo(folder, small);
      const options = { splits: ['train', 'val'], classCount: 1, inputChannels: 1 } as const;
      const { value, diagnostics } = await inspectDataset(folder, options);
      expect(diagnostics).toEqual([]);
      expect(value.encoding).toEqual({ kind: 'pair', low: 0, high: 255, ignore: [] });
      expect(value.splits.get('train')!.pairs.map((pair) => pair.name)).toEqual([
        'cells-001',
        'cells-002',
        'cells-003',
      ]);
      expect(value.splits.get('val')!.pairs[0]).toMatchObject({ width: 40, height: 40 });
    });
  });

  it('leaves a folder with content alone', async () => {
    await inFolder(async (folder) => {
      writeFileSync(join(folder, 'mine.txt'), 'mine');
      expect((await generateDemo(folder, small)).map((problem) => problem.code)).toEqual([
        'UNET6050',
      ]);
      expect(readdirSync(folder)).toEqual(['mine.txt']);
    });
  });
});

describe('the drawn cells', () => {
  it('are parted in the mask: no two of them connect, not even at corners', () => {
    const size = 96;
    let touching = 0;
    for (let seed = 0; seed < 10; seed++) {
      const tissue = growTissue(new Random(seed), size);
      const mask = maskTissue(tissue);
      for (let at = 0; at < mask.length; at++) {
        if (mask[at] === 0 && tissue.labels[at]! > 0) touching++;
        for (const step of [1, size - 1, size, size + 1]) {
          const wraps = Math.abs((at % size) - ((at + step) % size)) > 1;
          if (wraps || at + step >= mask.length || mask[at] === 0 || mask[at + step] === 0)
            continue;
          expect(tissue.labels[at]).toBe(tissue.labels[at + step]);
        }
      }
    }
    expect(touching).toBeGreaterThan(500);
  });

  it('are brighter than the background, but no threshold finds them all', () => {
    let total = 0;
    for (let seed = 0; seed < 10; seed++) {
      const { image, mask } = drawDemoPair(new Random(seed), 128);
      const covered = mask.filter((value) => value === 255).length / mask.length;
      expect(covered).toBeGreaterThan(0.08);
      expect(covered).toBeLessThan(0.6);
      total += bestThresholdOverlap(image, mask);
    }
    expect(total / 10).toBeGreaterThan(0.75);
    expect(total / 10).toBeLessThan(0.93);
  });

  it('fit into small pictures too', () => {
    const { image, mask } = drawDemoPair(new Random(1), 16);
    expect([image.length, mask.length]).toEqual([256, 256]);
    expect(mask.some((value) => value === 255)).toBe(true);
  });
});

/** The intersection over union that the best threshold of all reaches. */
function bestThresholdOverlap(image: Uint8Array, mask: Uint8Array): number {
  const cells = new Float64Array(256);
  const all = new Float64Array(256);
  image.forEach((level, i) => {
    all[level]!++;
    if (mask[i] === 255) cells[level]!++;
  });
  const marked = cells.reduce((sum, count) => sum + count, 0);
  let [best, hit, chosen] = [0, 0, 0];
  for (let level = 255; level >= 0; level--) {
    hit += cells[level]!;
    chosen += all[level]!;
    best = Math.max(best, hit / (chosen + marked - hit));
  }
  return best;
}
