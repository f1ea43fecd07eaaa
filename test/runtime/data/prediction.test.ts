import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AxisSizes } from '../../../src/ir/recipe.js';
import { axisGeometry, geometryCovering, type PlaneSizes } from '../../../src/ir/sizes/geometry.js';
import { createPixels, type Pixels } from '../../../src/runtime/data/pixels.js';
import {
  planPrediction,
  windowsOf,
  type PredictionPlan,
  type PredictionWindow,
} from '../../../src/runtime/data/prediction-plan.js';
import { cutPixels, resizePixels } from '../../../src/runtime/data/resample.js';
import type { SizePolicy } from '../../../src/ir/sizes/size-policy.js';
import { Stitcher } from '../../../src/runtime/data/stitching.js';
import {
  anySize,
  axis,
  fixedAxis,
  halfResolution,
  multipleOf16,
  plane,
  unpadded,
} from './support/axes.js';

const at = { file: 'test.unet', start: 0, end: 0 };

function planned(
  height: number,
  width: number,
  policy: SizePolicy,
  sizes: PlaneSizes,
): PredictionPlan {
  const { value, diagnostics } = planPrediction(height, width, policy, sizes, at);
  expect(diagnostics).toEqual([]);
  return value!;
}

function picture(height: number, width: number, channels: number): Pixels {
  const pixels = createPixels(height, width, channels);
  pixels.data.forEach((_, i) => (pixels.data[i] = ((i * 7919) % 257) / 256));
  return pixels;
}

/** A network that gives back the part of its input that its output stands for. */
function identityNetwork(input: Pixels, plan: PredictionPlan): Float32Array {
  const { vertical, horizontal } = plan;
  const centre = cutPixels(
    input,
    vertical.margin,
    horizontal.margin,
    vertical.cover,
    horizontal.cover,
  );
  return resizePixels(centre, vertical.output, horizontal.output).data;
}

const allWindows = (plan: PredictionPlan): readonly PredictionWindow[] =>
  plan.rows.flatMap((row) => [...windowsOf(plan, row)]);

function predict(image: Pixels, plan: PredictionPlan): Pixels {
  const canvas = resizePixels(image, plan.canvas.height, plan.canvas.width);
  const { input: height } = plan.vertical;
  const { input: width } = plan.horizontal;
  const stitcher = new Stitcher(plan, image.channels);
  for (const window of allWindows(plan)) {
    const input = cutPixels(canvas, window.top, window.left, height, width);
    stitcher.add(window, identityNetwork(input, plan));
  }
  const strips = [...stitcher.finish()];
  const data = Float32Array.from(strips.flatMap((strip) => [...strip.data]));
  return { ...strips[0]!, height: image.height, data };
}

function largestDifference(a: Pixels, b: Pixels): number {
  expect([a.height, a.width, a.channels]).toEqual([b.height, b.width, b.channels]);
  return a.data.reduce((most, value, i) => Math.max(most, Math.abs(value - b.data[i]!)), 0);
}

const networks: readonly (readonly [name: string, axis: AxisSizes, window: number])[] = [
  ['any size', anySize, 7],
  ['multiples of 16', multipleOf16, 16],
  ['unpadded', unpadded, 204],
  ['odd margin', axis(4, 3, 7, (size) => size - 5), 11],
];

describe('a network that changes nothing gives the image back', () => {
  const size = fc.integer({ min: 1, max: 45 });
  it.each(networks)('%s', (_name, sizes, window) => {
    fc.assert(
      fc.property(size, size, fc.constantFrom(1, 3), fc.nat(2), (height, width, channels, kind) => {
        const policies: SizePolicy[] = [
          { kind: 'pad' },
          { kind: 'crop', height: window, width: window },
          { kind: 'tile', height: window, width: window, overlap: 3 },
        ];
        const plan = planned(height, width, policies[kind]!, plane(sizes));
        const image = picture(height, width, channels);
        expect(largestDifference(predict(image, plan), image)).toBeLessThan(1e-6);
      }),
      { numRuns: 150 },
    );
  });

  it('resize at the same size, and nearly so for a smooth image at another size', () => {
    const plane16 = plane(multipleOf16);
    const policy = { kind: 'resize', height: 32, width: 48 } as const;
    const image = picture(32, 48, 2);
    expect(largestDifference(predict(image, planned(32, 48, policy, plane16)), image)).toBe(0);
    const slope = createPixels(40, 20, 1);
    slope.data.forEach((_, i) => (slope.data[i] = (i % 20) / 20));
    const back = predict(slope, planned(40, 20, policy, plane16));
    expect(largestDifference(back, slope)).toBeLessThan(0.03);
  });

  it('an output of half the resolution covers the whole image', () => {
    const slope = createPixels(50, 40, 1);
    slope.data.forEach((_, i) => (slope.data[i] = Math.floor(i / 40) / 50));
    for (const policy of [{ kind: 'pad' }, { kind: 'tile', height: 32, width: 32, overlap: 8 }]) {
      const plan = planned(50, 40, policy as SizePolicy, plane(halfResolution));
      expect(largestDifference(predict(slope, plan), slope)).toBeLessThan(0.03);
    }
  });
});

describe('plans', () => {
  it('the 2015 U-Net: 512 needs 700 in for 516 out; its own tile 572 gives 388', () => {
    const plan = planned(512, 512, { kind: 'pad' }, plane(unpadded));
    expect(plan.vertical).toEqual({ input: 700, margin: 92, cover: 516, output: 516 });
    expect(allWindows(plan)).toEqual([{ top: -94, left: -94, coverTop: -2, coverLeft: -2 }]);
    const tiles = planned(
      512,
      512,
      { kind: 'tile', height: 572, width: 572, overlap: 0 },
      plane(unpadded),
    );
    expect(tiles.vertical).toEqual({ input: 572, margin: 92, cover: 388, output: 388 });
    expect(allWindows(tiles).map((window) => [window.coverTop, window.coverLeft])).toEqual([
      [0, 0],
      [0, 124],
      [124, 0],
      [124, 124],
    ]);
  });

  it('tell half resolution from a margin', () => {
    expect(axisGeometry(halfResolution, 'mask', 64)).toEqual({
      input: 64,
      margin: 0,
      cover: 64,
      output: 32,
    });
    const odd = axis(4, 3, 7, (size) => size - 5);
    expect(axisGeometry(odd, 'mask', 11)).toEqual({ input: 11, margin: 2, cover: 6, output: 6 });
    expect(axisGeometry(fixedAxis(572, 388), 'mask', 572).margin).toBe(92);
    expect(axisGeometry(fixedAxis(256, 128), 'mask', 256).cover).toBe(256);
    const doubled = axis(8, 0, 8, (size) => size * 2);
    expect(axisGeometry(doubled, 'mask', 16)).toMatchObject({ cover: 16, output: 32, margin: 0 });
    const rounded = axis(1, 0, 4, (size) => Math.ceil(size / 4));
    expect(axisGeometry(rounded, 'mask', 13)).toMatchObject({ cover: 13, output: 4, margin: 0 });
  });

  it('the covering input is the smallest that will do', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 900 }), (size) => {
        const { input, cover } = geometryCovering(unpadded, 'mask', size)!;
        expect(cover).toBeGreaterThanOrEqual(size);
        const smaller = unpadded.legalAtMost(input - 1);
        if (smaller !== undefined) expect(smaller - 184).toBeLessThan(size);
      }),
    );
  });

  it('an input that is hardly larger is taken where its output needs no resizing', () => {
    const up = (size: number): number => 32 * Math.ceil(size / 32);
    const isLegal = (size: number): boolean =>
      size >= 31 && size % 32 !== 0 ? size % 32 === 31 : size > 0;
    const legalAtLeast = (size: number): number => (isLegal(size) ? size : legalAtLeast(size + 1));
    const legalAtMost = (size: number): number | undefined =>
      size < 31 ? undefined : isLegal(size) ? size : legalAtMost(size - 1);
    const roundsUp = {
      isLegal,
      legalAtLeast,
      legalAtMost,
      outputSize: (_: string, size: number) => up(size),
    };
    const plan = planned(180, 240, { kind: 'pad' }, plane(roundsUp));
    expect(plan.description).toBe(
      'padded 240 x 180 (width x height) to 256 x 192 (width x height) by reflection, output cropped back',
    );
    // Where no input is met exactly, the smallest one.
    const odd = { ...roundsUp, outputSize: (_: string, size: number) => up(size) + 1 };
    expect(planned(180, 240, { kind: 'pad' }, plane(odd)).vertical.input).toBe(191);
  });

  it.each<[string, number, number, SizePolicy, PlaneSizes]>([
    [
      'padded 250 x 250 to 256 x 256 by reflection, output cropped back',
      250,
      250,
      { kind: 'pad' },
      plane(multipleOf16),
    ],
    ['took 256 x 256 as it is', 256, 256, { kind: 'pad' }, plane(multipleOf16)],
    [
      'padded 300 x 250 (width x height) to 304 x 256 (width x height) by reflection, output cropped back',
      250,
      300,
      { kind: 'pad' },
      plane(multipleOf16),
    ],
    ['padded 388 x 388 to 572 x 572 by reflection', 388, 388, { kind: 'pad' }, plane(unpadded)],
    [
      'resized 250 x 250 to 128 x 128, output resized back',
      250,
      250,
      { kind: 'resize', height: 128, width: 128 },
      plane(multipleOf16),
    ],
    [
      'cut 1000 x 1000 into 25 tiles of 256 x 256, blended over 70 pixels',
      1000,
      1000,
      { kind: 'tile', height: 256, width: 256, overlap: 32 },
      plane(multipleOf16),
    ],
  ])('%s', (description, height, width, policy, sizes) => {
    expect(planned(height, width, policy, sizes).description).toBe(description);
  });

  it('crop: the whole image where a legal size covers it, else tiles of the crop size', () => {
    const policy = { kind: 'crop', height: 64, width: 64 } as const;
    const whole = planned(100, 300, policy, plane(multipleOf16));
    expect([whole.windowCount, whole.vertical.input, whole.horizontal.input]).toEqual([
      1, 112, 304,
    ]);
    const fixed = plane(fixedAxis(64, 64));
    const tiled = planned(100, 64, policy, fixed);
    expect(tiled.description).toBe(
      'cut 64 x 100 (width x height) into 2 tiles of 64 x 64, blended over 28 pixels',
    );
    const image = picture(100, 150, 1);
    const back = predict(image, planned(100, 150, policy, fixed));
    expect(largestDifference(back, image)).toBeLessThan(1e-6);
  });

  it('say what cannot be done', () => {
    const codes = (policy: SizePolicy, sizes: PlaneSizes): string[] =>
      planPrediction(300, 300, policy, sizes, at).diagnostics.map((d) => d.code);
    expect(codes({ kind: 'pad' }, plane(fixedAxis(256, 256)))).toEqual(['UNET6041']);
    const sideways = plane(multipleOf16, fixedAxis(256, 256));
    const messages = (policy: SizePolicy, sizes: PlaneSizes): string[] =>
      planPrediction(300, 300, policy, sizes, at).diagnostics.map((d) => d.message);
    expect(messages({ kind: 'pad' }, sideways)).toEqual([
      'No legal input size of the network covers an image of width 300.',
    ]);
    expect(messages({ kind: 'resize', height: 250, width: 250 }, plane(multipleOf16))).toEqual([
      'The size 250 of "resize" is not a legal input size of the network; expected 240 or 256.',
    ]);
    expect(messages({ kind: 'resize', height: 250, width: 250 }, sideways)).toEqual([
      'The height 250 of "resize" is not a legal input size of the network; expected 240 or 256.',
      'The width 250 of "resize" is not a legal input size of the network; expected 256.',
    ]);
    const illegal = planPrediction(
      300,
      300,
      { kind: 'crop', height: 250, width: 256 },
      plane(multipleOf16),
      at,
    );
    expect(illegal.value).toBeUndefined();
    expect(illegal.diagnostics.map((d) => d.message)).toEqual([
      'The height 250 of "crop" is not a legal input size of the network; expected 240 or 256.',
    ]);
    expect(
      codes({ kind: 'tile', height: 572, width: 1500, overlap: 388 }, plane(unpadded)),
    ).toEqual(['UNET6042']);
  });
});
