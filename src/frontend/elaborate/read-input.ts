import { channels as channelSchema } from '../../catalog/component.js';
import { describeSchema } from '../../catalog/validate.js';
import type { GraphInput, InputAxis } from '../../ir/graph.js';
import type { Section } from '../../parser/ast.js';
import { evaluate } from '../values/evaluate.js';
import type { EvaluationContext } from '../values/evaluation-context.js';
import { describeValue } from '../values/value.js';
import { derivationOf, fix, followed } from '../values/model-parameter.js';
import { reportWords } from '../values/words.js';
import type { GraphBuilder } from './builder.js';
import { limitParameters } from './limit-parameters.js';

/** Larger than any image that fits into memory whole. */
const sizeLimit = 65_536;

/** What to write instead of an input of another number of axes, by the length of its list. */
const shapeHelp: Readonly<Record<number, string>> = {
  2: 'For signals with one axis, write [1, L, channels] and kernels such as [1, 3].',
  4: 'Networks have two axes. Cut a volume into slices; neighbouring slices can be channels of one input.',
};

/** `input image: [H, W, 3]`: names that are no values are names of sizes. Undefined when something was reported. */
export function readInput(
  section: Section,
  builder: GraphBuilder,
  context: EvaluationContext,
): GraphInput | undefined {
  const { name, value } = section;
  if (name === undefined) {
    context.reporter.report(
      'missing-name',
      { section: 'input', example: 'input image: [H, W, 3]' },
      { at: section.keyword.span },
    );
    return undefined;
  }
  const items = value?.kind === 'list' && value.items.length === 3 ? value.items : undefined;
  const [height, width, channels] = items ?? [];
  const bad = (found: string, at = value?.span ?? name.span, help?: string): undefined => {
    context.reporter.report(
      'bad-input-shape',
      { found },
      { at, help: help === undefined ? [] : [help] },
    );
    return undefined;
  };
  if (height === undefined || width === undefined || channels === undefined) {
    if (value?.kind === 'missing') return undefined;
    const count = value?.kind === 'list' ? value.items.length : undefined;
    const found = count === undefined ? 'no list of three' : `a list of ${count}`;
    return bad(found, undefined, shapeHelp[count ?? 0]);
  }
  const axes = [height, width].map((item): InputAxis | undefined => {
    const size = evaluate(item, context);
    fix(followed(size));
    if (size.kind === 'symbol' && size.choices === undefined) return size.name;
    if (size.kind === 'invalid') return undefined;
    const isSize =
      size.kind === 'number' &&
      Number.isInteger(size.value) &&
      size.value >= 1 &&
      size.value <= sizeLimit;
    return isSize
      ? size.value
      : bad(
          `${describeValue(size)} as a size`,
          item.span,
          `Use a whole number from 1 to ${sizeLimit}, or a name.`,
        );
  });
  const count = evaluate(channels, context);
  const isCount =
    count.kind === 'number' &&
    Number.isInteger(count.value) &&
    count.value >= 1 &&
    count.value <= channelSchema.maximum!;
  if (count.kind === 'invalid') return undefined;
  if (reportWords(channels, count, context, 'a number of channels')) return undefined;
  if (!isCount) {
    const help = `Use ${describeSchema(channelSchema)}.`;
    return bad(`${describeValue(count)} as the number of channels`, channels.span, help);
  }
  const [first, second] = axes;
  if (first === undefined || second === undefined) return undefined;
  limitParameters(count, channelSchema, false);
  const derivation = derivationOf(count);
  const node = builder.addNode(
    {
      op: { kind: 'input', channels: count.value },
      written: { channels: count },
      ...(derivation === undefined ? {} : { derivations: { channels: derivation } }),
      inputs: [],
      name: name.text,
      tensor: { name: name.text, madeBy: { kind: 'input' } },
      scope: 0,
      origin: name.span,
    },
    context.reporter,
  );
  return node === undefined ? undefined : { name: name.text, node, height: first, width: second };
}
