import type { AxisSizes, ComponentCall } from '../../../../src/ir/recipe.js';
import type { PlaneSizes } from '../../../../src/ir/sizes/geometry.js';

/** An axis whose legal sizes are `residue` modulo `period`, from `least` on. */
export function axis(
  period: number,
  residue: number,
  least: number,
  output: (size: number) => number,
): AxisSizes {
  const isLegal = (size: number): boolean => size >= least && size % period === residue % period;
  return {
    isLegal,
    legalAtLeast: (size) => {
      const from = Math.max(size, least);
      return from + ((((residue - from) % period) + period) % period);
    },
    legalAtMost: (size) => {
      const found = size - ((((size - residue) % period) + period) % period);
      return found >= least ? found : undefined;
    },
    outputSize: (_output, size) => output(size),
  };
}

/** An axis with one legal size. */
export function fixedAxis(only: number, output: number): AxisSizes {
  return {
    isLegal: (size) => size === only,
    legalAtLeast: (size) => (size <= only ? only : undefined),
    legalAtMost: (size) => (size >= only ? only : undefined),
    outputSize: () => output,
  };
}

export const anySize = axis(1, 0, 1, (size) => size);
export const multipleOf16 = axis(16, 0, 16, (size) => size);
/** The 2015 U-Net: 572 in, 388 out. */
export const unpadded = axis(16, 12, 188, (size) => size - 184);
export const halfResolution = axis(16, 0, 16, (size) => size / 2);

export function plane(height: AxisSizes, width = height): PlaneSizes {
  return { height, width, output: 'mask', classifiesImages: false };
}

export function call<Name extends string>(
  name: Name,
  options: Readonly<Record<string, unknown>> = {},
): ComponentCall<Name> {
  return { name, options, origin: { file: 'test.unet', start: 0, end: 0 } };
}
