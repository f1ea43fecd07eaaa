import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../diagnostics/report.js';
import type { Span } from '../../diagnostics/source.js';
import type { AxisSizes, ComponentCall, SizePolicyName } from '../recipe.js';
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
      return { kind: 'tile', ...window(), overlap: call.options['overlap'] as number };
  }
}

/** What is wrong along one axis; its message says so of one axis or of both. */
type AxisProblem = (axis: string) => Diagnostic;

const axes = ['height', 'width'] as const;

/**
 * What keeps a policy from working for a network and for images of given
 * sizes: illegal window sizes, an overlap that leaves no step, images that no
 * legal size covers. What is the same along both axes is told once. To be asked once,
 * before training or prediction.
 *
 * @param name what the policy is called: an option of the command line, unless that of the recipe.
 */
export function checkSizePolicy(
  policy: SizePolicy,
  sizes: PlaneSizes,
  images: readonly { readonly height: number; readonly width: number }[],
  at: Span,
  name: string = policy.kind,
): readonly Diagnostic[] {
  const problemOf = (axis: 'height' | 'width'): AxisProblem | undefined =>
    policy.kind === 'pad'
      ? checkCovered(Math.max(0, ...images.map((image) => image[axis])), sizes, axis, at)
      : checkWindow(policy, name, sizes, axis, at);
  const [vertical, horizontal] = axes.map(problemOf);
  const both = vertical?.('size');
  if (both !== undefined && both.message === horizontal?.('size').message) {
    return [both];
  }
  return [vertical?.('height') ?? [], horizontal?.('width') ?? []].flat();
}

function checkCovered(
  most: number,
  sizes: PlaneSizes,
  axis: 'height' | 'width',
  at: Span,
): AxisProblem | undefined {
  if (most === 0 || geometryCovering(sizes[axis], sizes.output, most) !== undefined) {
    return undefined;
  }
  const help = ['Use "tile", "crop" or "resize" with a legal size of the network.'];
  return (shown) =>
    createDiagnostic('image-size-not-covered', { axis: shown, size: most }, { at, help });
}

function checkWindow(
  policy: Exclude<SizePolicy, { kind: 'pad' }>,
  name: string,
  sizes: PlaneSizes,
  axis: 'height' | 'width',
  at: Span,
): AxisProblem | undefined {
  const size = policy[axis];
  if (!sizes[axis].isLegal(size)) {
    const legal = describeNeighbours(sizes[axis], size);
    return (shown) => {
      const parameters = { policy: name, axis: shown, size, legal };
      return createDiagnostic('window-size-not-legal', parameters, { at });
    };
  }
  const { cover } = axisGeometry(sizes[axis], sizes.output, size);
  if (policy.kind !== 'tile' || policy.overlap < cover) return undefined;
  const { overlap } = policy;
  const help = ['A quarter of the tile is plenty.'];
  return (shown) =>
    createDiagnostic('overlap-too-large', { overlap, cover, axis: shown }, { at, help });
}

function describeNeighbours(axis: AxisSizes, size: number): string {
  const neighbours = [axis.legalAtMost(size), axis.legalAtLeast(size)];
  const known = neighbours.filter((neighbour) => neighbour !== undefined);
  return known.length === 0 ? 'another one' : known.join(' or ');
}
