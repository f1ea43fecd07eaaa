import type { AugmentationName, ComponentCall } from '../../../../ir/recipe.js';
import { docstring } from '../../../python/docstring.js';
import { numberText } from './numbers.js';
import type { DataPlan } from './plan.js';
import { retouches, retouchHelpers } from './retouches.js';
import { drawTurn, isTurn, turnHelper } from './turns.js';
import { elasticHelpers, functionNames, warps } from './warps.js';

/** The functions that draw the augmentations of a recipe, and what they need. */
export function augmentText({ augment }: DataPlan): readonly string[] {
  if (augment.length === 0) return [];
  const names = functionNames(augment);
  const has = (name: AugmentationName): boolean => augment.some((call) => call.name === name);
  return [
    ...augment.map((call, index) => drawFunction(call, names[index]!)),
    ...(has('elastic') ? elasticHelpers : []),
    ...Object.entries(retouchHelpers).flatMap(([name, text]) =>
      has(name as AugmentationName) ? [text] : [],
    ),
    ...(augment.some(isTurn) ? [turnHelper] : []),
    ...(augment.some(isWarp) ? [interpolate] : []),
  ];
}

/** Whether an augmentation moves image and mask together. */
export const isWarp = (call: ComponentCall<AugmentationName>): boolean =>
  warps[call.name] !== undefined || isTurn(call);

function drawFunction(call: ComponentCall<AugmentationName>, name: string): string {
  if (isTurn(call)) return drawTurn(name);
  const { options } = call;
  const { probability } = options;
  const sometimes =
    typeof probability === 'number' && probability < 1
      ? [
          `    if random.fork("whether").uniform() >= ${numberText(probability)}:`,
          '        return None',
        ]
      : [];
  const indent = (lines: readonly string[], depth: number): readonly string[] =>
    lines.map((line) => ' '.repeat(depth) + line);
  const warp = warps[call.name];
  if (warp !== undefined) {
    return [
      `def ${name}(random: Random, height: int, width: int) -> Warp | None:`,
      ...docstring(4, [`${warp.about}${partOf(probability)}.`]),
      ...sometimes,
      ...indent(warp.draw(options), 4),
      '',
      '    def move(y: Doubles, x: Doubles) -> tuple[Doubles, Doubles]:',
      ...indent(warp.move(options), 8),
      '',
      '    return move',
    ].join('\n');
  }
  const retouch = retouches[call.name]!;
  return [
    `def ${name}(random: Random) -> Retouch | None:`,
    ...docstring(4, [`${retouch.about}${partOf(probability)}.`]),
    ...sometimes,
    ...indent(retouch.draw(options), 4),
    `    return lambda pixels: ${typeof retouch.change === 'string' ? retouch.change : retouch.change(options)}`,
  ].join('\n');
}

const partOf = (probability: unknown): string =>
  typeof probability === 'number' && probability < 1
    ? `, for ${numberText(Math.round(probability * 1000) / 10)} % of the samples`
    : '';

const interpolate = `def interpolate(pixels: Pixels, y: Doubles, x: Doubles) -> Pixels:
    """Values at places between pixels: bilinear, mirrored outside."""
    y, x = reflect(y, pixels.shape[0]), reflect(x, pixels.shape[1])
    top, left = y.astype(np.int64), x.astype(np.int64)
    down, right = (y - top)[..., None], (x - left)[..., None]
    below, beside = np.where(y > top, top + 1, top), np.where(x > left, left + 1, left)
    values = pixels.astype(np.float64)
    upper = values[top, left] + right * (values[top, beside] - values[top, left])
    lower = values[below, left] + right * (values[below, beside] - values[below, left])
    return (upper + down * (lower - upper)).astype(np.float32)`;
