import type { ComponentCall, OptimizerName } from '../../../ir/recipe.js';
import { printNumber } from '../../python/formulas.js';
import { layOut } from '../../python/layout.js';
import { numberOf } from './losses/options.js';

/** The function that makes the optimizer of a recipe. */
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
