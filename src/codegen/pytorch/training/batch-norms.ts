import type { Training } from './trained-model.js';

/** Which batch norms a network has that training changes. */
interface TrainedNorms {
  /** The class of those whose running variance is Keras'. */
  readonly keras: string | undefined;
  /** Whether it has PyTorch's own. */
  readonly hasOwn: boolean;
  /** Whether some scale no channels, and some shift none. */
  readonly lacks: { readonly scale: boolean; readonly shift: boolean };
}

/** Undefined where it has none. */
export function trainedNorms({ model: { graph }, names }: Training): TrainedNorms | undefined {
  const norms = graph.nodes.flatMap(({ op, isFrozen }) =>
    op.kind === 'batch_norm' && !isFrozen ? [op] : [],
  );
  const variances = norms.map(({ running }) => running.variance);
  if (variances.length === 0) return undefined;
  return {
    keras: variances.includes('biased') ? names.batchNorm : undefined,
    hasOwn: variances.includes('unbiased'),
    lacks: {
      scale: norms.some(({ scale }) => !scale),
      shift: norms.some(({ shift }) => !shift),
    },
  };
}

/** The functions that make batch norms normalise over the images of all processes. */
export function batchNormLines({
  keras,
  hasOwn,
  lacks,
}: TrainedNorms): readonly (readonly string[])[] {
  const patches = [
    ...(keras === undefined
      ? []
      : [`    ${keras}.forward = normalize  # type: ignore[method-assign]`]),
    ...(hasOwn
      ? ['    nn.BatchNorm2d.forward = normalize  # type: ignore[assignment, method-assign]']
      : []),
  ];
  const unbiased = 'spread_of_all = spread_of_all * number / (number - 1)';
  const followed =
    keras === undefined
      ? [`        ${unbiased}`]
      : hasOwn
        ? [`        if not isinstance(self, ${keras}):`, `            ${unbiased}`]
        : [];
  return [
    [
      'def share_batch_norms() -> None:',
      '    """Lets batch norms normalise over the images of all processes, as one process does.',
      '',
      '    nn.SyncBatchNorm does so on CUDA alone; sums over processes are all that is',
      '    needed.',
      '    """',
      ...patches,
    ],
    [
      'def normalize(self: nn.BatchNorm2d, input: Tensor) -> Tensor:',
      '    """What a norm gives for the images of all processes together."""',
      '    mean, variance = self.running_mean, self.running_var',
      '    assert mean is not None and variance is not None and self.momentum is not None',
      '    learnt = (self.weight, self.bias)',
      '    if not self.training:',
      '        return F.batch_norm(input, mean, variance, *learnt, eps=self.eps)',
      '    values = input.float()',
      '    n = values.numel() / values.shape[1]',
      '    own_variance, own_mean = torch.var_mean(values, (0, 2, 3), correction=0)',
      '    sums = of_all_processes(torch.cat([n * own_mean, own_mean.new_tensor([n])]))',
      '    number = sums[-1]',
      '    mean_of_all = sums[:-1] / number',
      '    spread = n * (own_variance + (own_mean - mean_of_all).square())',
      '    spread_of_all = of_all_processes(spread) / number',
      ...(lacks.scale
        ? [
            '    scale = torch.rsqrt(spread_of_all + self.eps)',
            '    if self.weight is not None:',
            '        scale = self.weight * scale',
          ]
        : ['    scale = self.weight * torch.rsqrt(spread_of_all + self.eps)']),
      '    with torch.no_grad():',
      ...followed,
      '        mean.lerp_(mean_of_all, self.momentum)',
      '        variance.lerp_(spread_of_all, self.momentum)',
      '    centred = values - mean_of_all.view(-1, 1, 1)',
      ...(lacks.shift
        ? [
            '    result = centred * scale.view(-1, 1, 1)',
            '    if self.bias is not None:',
            '        result = result + self.bias.view(-1, 1, 1)',
          ]
        : ['    result = centred * scale.view(-1, 1, 1) + self.bias.view(-1, 1, 1)']),
      '    return result.to(input.dtype)',
    ],
  ];
}
