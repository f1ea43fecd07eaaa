import type { Initializer } from '../../ir/operations/ops.js';

/** What is written of the ways to fill convolutions. */
export interface InitialWeightsNames {
  readonly initializers: ReadonlyMap<Initializer, string>;
  /** The function that fills all modules, where there is one way. */
  readonly initWeights: string;
  readonly fans: string;
}

/**
 * The functions that fill new convolutions as the graph says: one that `apply` calls for
 * every module, or, where a file has several ways, one for each.
 */
export function initialWeights(
  names: InitialWeightsNames,
  hasTransposed: boolean,
): readonly string[] {
  const all = [...names.initializers];
  if (all.length === 0) return [];
  const isGlorot = all.some(([initializer]) => initializer.startsWith('glorot'));
  const fans = isGlorot ? fansOf(names.fans) : hasTransposed ? fanInOf(names.fans) : [];
  const fill = (initializer: Initializer): readonly string[] =>
    filling(initializer, isGlorot || hasTransposed ? names.fans : undefined, isGlorot);
  if (all.length === 1) {
    const [[initializer]] = all as [[Initializer, string]];
    const types = hasTransposed ? '(nn.Conv2d, nn.ConvTranspose2d)' : 'nn.Conv2d';
    return [
      `def ${names.initWeights}(module: nn.Module) -> None:`,
      `    """${docs[initializer]}"""`,
      `    if isinstance(module, ${types}):`,
      ...fill(initializer).map((line) => `        ${line}`),
      ...gap(fans),
    ];
  }
  const each = all.map(([initializer, name]) => [
    `def ${name}(module: Convolution) -> Convolution:`,
    `    """${docs[initializer]}"""`,
    ...fill(initializer).map((line) => `    ${line}`),
    '    return module',
  ]);
  return [
    'Convolution = TypeVar("Convolution", nn.Conv2d, nn.ConvTranspose2d)',
    ...each.flatMap(gap),
    ...gap(fans),
  ];
}

const gap = (lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : ['', '', ...lines];

const docs: Readonly<Record<Initializer, string>> = {
  he_normal: 'He et al. 2015: variance 2 / fan_in, normal.',
  he_uniform: 'He et al. 2015: variance 2 / fan_in, uniform.',
  glorot_normal: 'Glorot and Bengio 2010: variance 2 / (fan_in + fan_out), normal.',
  glorot_uniform: 'Glorot and Bengio 2010: variance 2 / (fan_in + fan_out), uniform.',
};

/** Without a function for fans PyTorch's own rule says the same. */
function filling(
  initializer: Initializer,
  fans: string | undefined,
  isGlorot: boolean,
): readonly string[] {
  const bias = ['if module.bias is not None:', '    nn.init.zeros_(module.bias)'];
  if (fans === undefined) {
    const name = initializer === 'he_normal' ? 'kaiming_normal_' : 'kaiming_uniform_';
    return [`nn.init.${name}(module.weight, nonlinearity="relu")`, ...bias];
  }
  const isHe = initializer.startsWith('he');
  const seen = isGlorot ? `${fans}(module)[0]` : `${fans}(module)`;
  const fan = isHe ? seen : `sum(${fans}(module))`;
  const fill = initializer.endsWith('normal')
    ? [`nn.init.normal_(module.weight, std=math.sqrt(2 / ${fan}))`]
    : [`limit = math.sqrt(6 / ${fan})`, 'nn.init.uniform_(module.weight, -limit, limit)'];
  return [...fill, ...bias];
}

const fanInOf = (name: string): readonly string[] => [
  `def ${name}(module: nn.Conv2d | nn.ConvTranspose2d) -> float:`,
  '    """How many values one output sees; of a transposed kernel, kernel / stride taps."""',
  '    taps: float = math.prod(module.kernel_size)',
  '    if isinstance(module, nn.ConvTranspose2d):',
  '        taps = max(1.0, taps / math.prod(module.stride))',
  '    return taps * module.in_channels / module.groups',
];

const fansOf = (name: string): readonly string[] => [
  `def ${name}(module: nn.Conv2d | nn.ConvTranspose2d) -> tuple[float, float]:`,
  '    """How many values one output sees, and how many outputs one value reaches."""',
  '    taps = math.prod(module.kernel_size)',
  '    if isinstance(module, nn.ConvTranspose2d):',
  '        seen = max(1.0, taps / math.prod(module.stride))',
  '        return seen * module.in_channels, taps * module.out_channels',
  '    if 1 < module.groups == module.in_channels:',
  '        return taps, taps * module.out_channels / module.groups',
  '    return taps * module.in_channels / module.groups, taps * module.out_channels',
];
