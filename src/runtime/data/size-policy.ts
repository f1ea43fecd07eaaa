import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { Reporter } from '../../diagnostics/report.js';
import type { Span } from '../../diagnostics/source.js';
import type { AxisSizes, ComponentCall, SizePolicyName } from '../../ir/recipe.js';
import { numberOption } from '../call-options.js';
import { axisGeometry, geometryCovering, type PlaneSizes } from './geometry.js';

/** The network's input size that a policy fixes; pixels. */
interface WindowSize {
  readonly height: number;
  readonly width: number;
}

/** What happens to images whose size differs from what a batch needs. */
export type SizePolicy =
  | { readonly kind: 'pad' }
  | ({ readonly kind: 'crop' } & WindowSize)
  | ({ readonly kind: 'resize' } & WindowSize)
  | ({ readonly kind: 'tile'; readonly overlap: number } & WindowSize);

/**
 * The policy that a recipe names, with the options that the catalogue declares.
 * Sizes are those of the network's input in pixels: `size` is a number for
 * both axes, or height and width.
 */
export function readSizePolicy(call: ComponentCall<SizePolicyName>): SizePolicy {
  const window = (): WindowSize => {
    const { size } = call.options;
    const [height, width] = (Array.isArray(size) ? size : [size, size]) as readonly unknown[];
    if (typeof height !== 'number' || typeof width !== 'number') {
      throw new Error(`"${call.name}" without the option "size"`);
    }
    return { height, width };
  };
  switch (call.name) {
    case 'pad':
      return { kind: 'pad' };
    case 'crop':
      return { kind: 'crop', ...window() };
    case 'resize':
      return { kind: 'resize', ...window() };
    case 'tile':
      return { kind: 'tile', ...window(), overlap: numberOption(call, 'overlap') };
  }
}

/**
 * What keeps a policy from working for a network and for images of given
 * sizes: illegal window sizes, an overlap that leaves no step, images that no
 * legal size covers. To be asked once, before training or prediction.
 */
export function checkSizePolicy(
  policy: SizePolicy,
  sizes: PlaneSizes,
  images: readonly { readonly height: number; readonly width: number }[],
  at: Span,
): readonly Diagnostic[] {
  const reporter = new Reporter();
  for (const axis of ['height', 'width'] as const) {
    if (policy.kind === 'pad') {
      const most = images.reduce((largest, image) => Math.max(largest, image[axis]), 0);
      if (most > 0 && geometryCovering(sizes[axis], sizes.output, most) === undefined) {
        const help = ['Use "tile", "crop" or "resize" with a legal size of the network.'];
        reporter.report('image-size-not-covered', { axis, size: most }, { at, help });
      }
      continue;
    }
    const size = policy[axis];
    if (!sizes[axis].isLegal(size)) {
      const legal = describeNeighbours(sizes[axis], size);
      reporter.report('window-size-not-legal', { policy: policy.kind, axis, size, legal }, { at });
      continue;
    }
    const cover = axisGeometry(sizes[axis], sizes.output, size).cover;
    if (policy.kind === 'tile' && policy.overlap >= cover) {
      const help = ['A quarter of the tile is plenty.'];
      const parameters = { overlap: policy.overlap, cover, axis };
      reporter.report('overlap-too-large', parameters, { at, help });
    }
  }
  return reporter.diagnostics;
}

function describeNeighbours(axis: AxisSizes, size: number): string {
  const neighbours = [axis.legalAtMost(size), axis.legalAtLeast(size)];
  const known = neighbours.filter((neighbour) => neighbour !== undefined);
  return known.length === 0 ? 'another one' : known.join(' or ');
}
