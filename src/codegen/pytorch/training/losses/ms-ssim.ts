import type { ComponentCall, LossName } from '../../../../ir/recipe.js';
import { printNumber } from '../../../python/formulas.js';
import { layOut } from '../../../python/layout.js';
import { numberOf } from './options.js';

/**
 * The function that gives the multi-scale structural similarity of two images (Wang et al.
 * 2003; as a loss Huang et al. 2020), as the options of a call have it.
 */
export function msSsimLines(call: ComponentCall<LossName>, name: string): readonly string[] {
  const luminance = call.options['luminance'] ?? 'last';
  const isNormalized = call.options['normalize'] === true;
  const window = printNumber(numberOf(call, 'window', 11));
  const sigma = printNumber(2 * numberOf(call, 'sigma', 1.5) ** 2);
  const unit = (text: string): string => (isNormalized ? `(${text} + 1) / 2` : text);
  const times = luminance === 'repeated' ? ' * last' : '';
  const factors =
    luminance === 'every'
      ? [
          '        similar = power(luminance.mean((2, 3)), share)',
          `        similar = similar * power(${unit('contrast.mean((2, 3))')}, share)`,
        ]
      : [
          '        if scale < last:',
          `            similar = power(${unit('contrast.mean((2, 3))')}, share)`,
          '        else:',
          ...layOut(12, 'both = (luminance * contrast).mean((2, 3))'),
          `            similar = power(${unit('both')}, share${times})`,
        ];
  return [
    `def ${name}(one: Tensor, other: Tensor) -> Tensor:`,
    '    """Multi-scale structural similarity of images of values from 0 to 1: [N, C].',
    '',
    '    The window shrinks to scales that are smaller than it; scales of which nothing is',
    '    left are left out, and the exponents of the others grow to the same sum.',
    '    """',
    '    exponents = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333]',
    '    scales = min(5, min(one.shape[2:]).bit_length())',
    '    last = scales - 1',
    '    whole = sum(exponents) / sum(exponents[:scales])',
    '    one, other = one - 0.5, other - 0.5  # where float32 variances keep more digits',
    '    result = one.new_ones(one.shape[:2])',
    '    for scale in range(scales):',
    '        share = exponents[scale] * whole',
    '        m1, s1, s12, m2, s2 = (',
    '            blur(each) for each in (one, one * one, one * other, other, other * other)',
    '        )',
    '        contrast = (2 * (s12 - m1 * m2) + 0.03**2) / (',
    '            s1 + s2 - m1 * m1 - m2 * m2 + 0.03**2',
    '        )',
    '        m1, m2 = m1 + 0.5, m2 + 0.5',
    '        luminance = (2 * m1 * m2 + 0.01**2) / (m1 * m1 + m2 * m2 + 0.01**2)',
    ...factors,
    '        result = result * similar',
    '        if scale < last:',
    '            one, other = F.avg_pool2d(one, 2), F.avg_pool2d(other, 2)',
    '    return result',
    '',
    '',
    'def power(base: Tensor, exponent: float) -> Tensor:',
    '    """Powers of what is above 0, else 0 without a slope."""',
    '    above = base > 0',
    '    return torch.where(above, base.where(above, 1.0) ** exponent, 0.0)',
    '',
    '',
    'def blur(image: Tensor) -> Tensor:',
    '    """Means under a Gaussian window that lies inside of the image."""',
    '    channels, *sides = image.shape[1:]',
    `    length = min(${window}, *sides)`,
    '    places = torch.arange(length, device=image.device).double() - length // 2',
    `    window = torch.exp(-places.square() / ${sigma})`,
    '    window = (window / window.sum()).to(image.dtype).expand(channels, 1, 1, -1)',
    '    image = F.conv2d(image, window.transpose(2, 3), groups=channels)',
    '    return F.conv2d(image, window, groups=channels)',
  ];
}
