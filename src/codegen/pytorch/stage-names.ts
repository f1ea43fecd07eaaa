import type { FoundStages } from './find-stages.js';
import type { ModuleBody, TensorSource } from './module.js';
import type { OpenBody, Stage } from './open-body.js';

/** The node whose tensor a source is. */
export function nodeOf(body: OpenBody, source: TensorSource): number {
  return source.from === 'input'
    ? body.inputs[source.index]!.node
    : body.steps[source.index]!.nodes[source.output]!;
}

/** What the caller calls a tensor, where it has a name there: that of the stage which makes it. */
export function nameOf(
  body: OpenBody,
  source: TensorSource,
  owners: FoundStages['owners'],
): string {
  if (source.from === 'input') return body.inputs[source.index]!.name;
  const path = owners.get(source.index)?.name ?? body.steps[source.index]!.path;
  return /^[A-Za-z_]\w*$/.test(path) ? path : '';
}

/** `e4`, `u4` -> `e`, `u`: a class for all levels names none. */
export function nameShared(inputs: ModuleBody['inputs']): ModuleBody['inputs'] {
  const names = inputs.map(({ name }) => name.replace(/\d+(_\d+)*$/, ''));
  const isClear = new Set(names).size === names.length && !names.includes('');
  return inputs.map((input, index) => ({ ...input, name: isClear ? names[index]! : '' }));
}

/** What the steps of a stage are, as outlined pipelines are called. */
export function sharedName({ name, body }: Stage): string {
  const words = body.steps.map((step) =>
    step.kind === 'operation'
      ? step.operation.word
      : step.kind === 'call'
        ? step.callee.word
        : step.stage.name,
  );
  return words.length > 4 ? name : words.join('_');
}
