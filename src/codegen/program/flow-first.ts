import type { BlockDescription } from '../../ir/block.js';
import { readsChannels } from '../../ir/formula.js';
import { formulasIn } from './block-parameters.js';
import type { Body, TensorReference } from './body.js';

/**
 * The body of a block with what flows into it as its first input, where a formula reads
 * its channels: a line may read another tensor first, or none may read that one. The
 * channels in formulas are those of a function's first input.
 */
export function withFlowFirst(
  body: Body,
  flowing: Body['inputs'][number],
  block: BlockDescription | undefined,
): Body {
  const defaults = block?.parameters.flatMap((parameter) => parameter.default ?? []) ?? [];
  const at = body.inputs.findIndex(({ node }) => node === flowing.node);
  if (at === 0 || ![...formulasIn(body), ...defaults].some(readsChannels)) return body;
  const order = [at, ...body.inputs.keys()].filter((each, place) => place === 0 || each !== at);
  const move = (reference: TensorReference): TensorReference =>
    reference.from === 'input'
      ? { ...reference, index: order.indexOf(reference.index) }
      : reference;
  return {
    inputs: order.map((each) => (each < 0 ? flowing : body.inputs[each]!)),
    steps: body.steps.map((step) => ({ ...step, inputs: step.inputs.map(move) })),
    outputs: body.outputs.map(move),
  };
}
