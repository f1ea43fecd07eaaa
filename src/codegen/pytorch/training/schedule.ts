import type { ComponentCall, ScheduleName } from '../../../ir/recipe.js';
import { printNumber } from '../../python/formulas.js';
import { layOut } from '../../python/layout.js';
import { numberOf } from './losses/options.js';

/** The function that gives the learning rate of a step; that of a plateau is without its factor. */
export function rateLines(call: ComponentCall<ScheduleName>): readonly string[] {
  const warmup = call.name === 'one_cycle' ? 0 : numberOf(call, 'warmup');
  const last = `min(epochs, ${printNumber(warmup)}) * batches`;
  const warm =
    warmup === 0
      ? []
      : [
          `    warm = ${last}`,
          '    if step < warm:',
          '        return LEARNING_RATE * min(1, (step + 1) / warm)',
        ];
  return [
    'def rate_of(step: int, batches: int, epochs: int) -> float:',
    `    """The learning rate of a step, counted from 0; an epoch has \`batches\` of them."""`,
    ...warm,
    ...afterWarmup(call, warmup > 0),
  ];
}

function afterWarmup(call: ComponentCall<ScheduleName>, isWarm: boolean): readonly string[] {
  const number = (option: string): string => printNumber(numberOf(call, option));
  const progress = isWarm
    ? '    done = min(1, (step - warm) / max(1, epochs * batches - warm))'
    : '    done = min(1, step / (epochs * batches))';
  switch (call.name) {
    case 'constant':
    case 'plateau':
      return ['    return LEARNING_RATE'];
    case 'cosine':
      return [progress, `    return ${halfCosine(call)}`];
    case 'poly':
      return [progress, `    return LEARNING_RATE * math.pow(1 - done, ${number('power')})`];
    case 'step': {
      const every = numberOf(call, 'every');
      const epochs = every === 1 ? '(step // batches)' : `(step // batches // ${every})`;
      return [`    return LEARNING_RATE * ${number('factor')} ** ${epochs}`];
    }
    case 'multi_step': {
      const after = call.options['after'] as readonly number[];
      const ends = `(${after.join(', ')}${after.length === 1 ? ',' : ''})`;
      return [
        ...layOut(4, `count = sum(end <= step // batches for end in ${ends})`),
        `    return LEARNING_RATE * math.pow(${number('factor')}, count)`,
      ];
    }
    case 'exponential':
      return [`    return LEARNING_RATE * math.pow(${number('factor')}, step // batches)`];
    case 'cosine_restarts':
      return [
        `    at, period = ${isWarm ? 'step - warm' : 'step'}, ${number('every')} * batches`,
        '    while at >= period:',
        numberOf(call, 'stretch') === 1
          ? '        at -= period'
          : `        at, period = at - period, period * ${number('stretch')}`,
        '    done = at / period',
        `    return ${halfCosine(call)}`,
      ];
    case 'one_cycle': {
      const isLine = call.options['shape'] === 'linear';
      return [
        '    steps = epochs * batches',
        `    top = ${number('rise')} * steps - 1`,
        '    if step < top:',
        `        first, last, done = ${number('first')}, 1.0, step / top`,
        '    else:',
        '        done = min(1, (step - top) / max(1, steps - 1 - top))',
        `        first, last = 1.0, ${number('last')}`,
        isLine
          ? '    return LEARNING_RATE * (first + (last - first) * done)'
          : '    half = (1 + math.cos(math.pi * done)) / 2',
        ...(isLine ? [] : ['    return LEARNING_RATE * (last + (first - last) * half)']),
      ];
    }
  }
}

/** From the learning rate down to the floor, as `done` goes from 0 to 1. */
function halfCosine(call: ComponentCall<ScheduleName>): string {
  const floor = numberOf(call, 'floor');
  const half = '(1 + math.cos(math.pi * done)) / 2';
  if (floor === 0) return `LEARNING_RATE * ${half}`;
  const rest = printNumber(Number((1 - floor).toPrecision(12)));
  return `LEARNING_RATE * (${printNumber(floor)} + ${rest} * ${half})`;
}

/** The function that begins the next epoch where the learning rate follows from validations; none elsewhere. */
export function plateauLines(call: ComponentCall<ScheduleName>): readonly (readonly string[])[] {
  if (call.name !== 'plateau') return [];
  const number = (option: string): string => printNumber(numberOf(call, option));
  const floor = numberOf(call, 'floor');
  const less = `factor * ${number('factor')}`;
  const fallen = floor === 0 ? less : `max(${less}, ${printNumber(floor)})`;
  const lines = [
    'def next_epoch(progress: Progress, is_best: bool) -> Progress:',
    '    """The epoch that follows; after some without a better one the rate falls."""',
    '    waited = 0 if is_best or progress.resting > 0 else progress.waited + 1',
    '    factor, resting = progress.factor, max(0, progress.resting - 1)',
    `    if waited >= ${number('patience')}:`,
    `        factor, waited, resting = ${fallen}, 0, ${number('cooldown')}`,
    '    return Progress(',
    '        epoch=progress.epoch + 1,',
    '        step=progress.step,',
    '        factor=factor,',
    '        waited=waited,',
    '        resting=resting,',
    '    )',
  ];
  return [lines];
}
