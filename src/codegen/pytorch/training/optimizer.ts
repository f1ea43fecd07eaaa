import type { ComponentCall, OptimizerName, ScheduleName } from '../../../ir/recipe.js';
import { printNumber } from '../../python/formulas.js';
import { layOut } from '../../python/layout.js';
import { numberOf } from './losses/options.js';

/** The function that makes the optimizer of a recipe, and the learning rate of its steps. */
export function optimizerLines({
  name,
  options,
  ...call
}: ComponentCall<OptimizerName>): readonly string[] {
  const number = (option: string): string =>
    printNumber(numberOf({ name, options, ...call }, option));
  const head = (type: string): readonly string[] => [
    `def make_optimizer(network: nn.Module) -> torch.optim.${type}:`,
  ];
  const trained = 'parameters = [each for each in network.parameters() if each.requires_grad]';
  const made = (type: string, args: readonly string[]): readonly string[] => [
    ...head(type),
    `    ${trained}`,
    ...layOut(
      4,
      `return torch.optim.${type}(parameters, ${['lr=LEARNING_RATE', ...args].join(', ')})`,
    ),
  ];
  switch (name) {
    case 'adam':
      return made('Adam', [
        `betas=(${number('beta1')}, ${number('beta2')})`,
        `eps=${number('epsilon')}`,
      ]);
    case 'adamw': {
      const betas = `betas=(${number('beta1')}, ${number('beta2')}), eps=${number('epsilon')}`;
      return [
        ...head('AdamW'),
        `    ${trained}`,
        '    # Biases and what normalisations learn do not decay.',
        '    kernels = [each for each in parameters if each.ndim > 1]',
        '    others = [each for each in parameters if each.ndim < 2]',
        '    groups = [',
        `        {"params": kernels, "weight_decay": ${number('weight_decay')}},`,
        '        {"params": others, "weight_decay": 0},',
        '    ]',
        ...layOut(4, `return torch.optim.AdamW(groups, lr=LEARNING_RATE, ${betas})`),
      ];
    }
    case 'sgd': {
      const momentum = numberOf({ name, options, ...call }, 'momentum');
      const args = [
        ...(momentum === 0 ? [] : [`momentum=${printNumber(momentum)}`]),
        // Without momentum both forms are one.
        ...(options['nesterov'] === true && momentum > 0 ? ['nesterov=True'] : []),
      ];
      return made('SGD', args);
    }
    case 'rmsprop': {
      const momentum = number('momentum');
      return made('RMSprop', [
        `alpha=${number('rho')}`,
        `eps=${number('epsilon')}`,
        ...(momentum === '0' ? [] : [`momentum=${momentum}`]),
      ]);
    }
  }
}

/** The function that gives the learning rate of a step. */
export function rateLines(call: ComponentCall<ScheduleName>): readonly string[] {
  const warmup = numberOf(call, 'warmup');
  const isSpread = call.name === 'cosine' || call.name === 'poly';
  const epochs = printNumber(warmup);
  const last = `min(epochs, ${epochs}) * batches`;
  const warm =
    warmup === 0
      ? []
      : [
          `    warm = ${last}`,
          '    if step < warm:',
          '        return LEARNING_RATE * min(1, (step + 1) / warm)',
        ];
  const done =
    warmup === 0
      ? '    done = min(1, step / (epochs * batches))'
      : '    done = min(1, (step - warm) / max(1, epochs * batches - warm))';
  return [
    'def rate_of(step: int, batches: int, epochs: int) -> float:',
    `    """The learning rate of a step, counted from 0; an epoch has \`batches\` of them."""`,
    ...warm,
    ...(isSpread ? [done] : []),
    `    return ${factorText(call)}`,
  ];
}

function factorText(call: ComponentCall<ScheduleName>): string {
  switch (call.name) {
    case 'constant':
      return 'LEARNING_RATE';
    case 'cosine': {
      const floor = numberOf(call, 'floor');
      const half = '(1 + math.cos(math.pi * done)) / 2';
      if (floor === 0) return `LEARNING_RATE * ${half}`;
      const rest = printNumber(Number((1 - floor).toPrecision(12)));
      return `LEARNING_RATE * (${printNumber(floor)} + ${rest} * ${half})`;
    }
    case 'poly': {
      const power = printNumber(numberOf(call, 'power'));
      return `LEARNING_RATE * math.pow(1 - done, ${power})`;
    }
    case 'step': {
      const every = numberOf(call, 'every');
      const epochs = every === 1 ? '(step // batches)' : `(step // batches // ${every})`;
      return `LEARNING_RATE * ${printNumber(numberOf(call, 'factor'))} ** ${epochs}`;
    }
  }
}
