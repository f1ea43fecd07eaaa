import type { FileParts, NamedClass } from './file-parts.js';
import { passesInputsOn, type ModuleClass, type ModuleStep } from './module.js';

/** The step that a class derives from: its layer, or the class of its block. */
const lastOf = ({ body }: ModuleClass): ModuleStep | undefined =>
  body.steps.find(({ path }) => path === '');

/** Whether a class derives from a batch norm. */
function endsInNorm(module: ModuleClass): boolean {
  const last = lastOf(module);
  if (last?.kind === 'call') return endsInNorm(last.callee);
  return last?.operation.node.op.kind === 'batch_norm';
}

/** Whether a class that ends in a norm is one with other numbers, and no more. */
function isNormAlone({ body }: ModuleClass): boolean {
  const [only] = body.steps;
  return passesInputsOn(body) && (only!.kind !== 'call' || isNormAlone(only!.callee));
}

/**
 * The call of a step whose class derives from a norm; undefined for others. In the place of
 * such a module `nn.SyncBatchNorm.convert_sync_batchnorm` puts one of its own, with the same
 * weights and the same modules below: what the class does more must not depend on the type
 * of the module.
 *
 * @param base the class that `own` derives from
 * @param self how the step's module is called
 */
export function normCall(
  { module }: NamedClass,
  step: ModuleStep,
  { base, self, tensors, parts }: NormCallParts,
): string | undefined {
  const asNorm = (of: string): string =>
    `${parts.helper('as_norm')}(${[of, 'self', ...tensors].join(', ')})`;
  const isLast = step.path === '';
  if (step.kind === 'operation') {
    return isLast && endsInNorm(module) ? asNorm(base()) : undefined;
  }
  if (!endsInNorm(step.callee)) return undefined;
  const { called } = parts.classes.get(step.callee)!;
  if (isNormAlone(step.callee)) return isLast ? asNorm(called) : undefined;
  return isLast
    ? `${called}.forward(${['self', ...tensors].join(', ')})`
    : `${parts.helper('as_class')}(${[called, self, ...tensors].join(', ')})`;
}

interface NormCallParts {
  readonly base: () => string;
  readonly self: string;
  readonly tensors: readonly string[];
  readonly parts: FileParts;
}
