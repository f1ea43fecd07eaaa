import type { GraphInput } from '../../ir/graph.js';
import type { Section } from '../../parser/ast.js';
import type { EvaluationContext } from '../values/evaluation-context.js';
import { type Environment, invalid } from '../values/value.js';
import type { GraphBuilder } from './builder.js';
import { readInput } from './read-input.js';

/** The inputs of a model. */
export interface ReadInputs {
  /** In the order of the spec. */
  readonly inputs: readonly GraphInput[];
  /** Whether all could be read. */
  readonly isWhole: boolean;
}

/**
 * Reads the inputs of a model and defines them as tensors. All have one height and one width:
 * sizes are proved as functions of these two.
 */
export function readInputs(
  sections: readonly Section[],
  builder: GraphBuilder,
  tensors: Environment,
  context: EvaluationContext,
): ReadInputs {
  const inputs = sections.flatMap((section): readonly GraphInput[] => {
    const input = readInput(section, builder, context);
    // Of an input without a name, which is reported, nothing is told that calls it.
    if (section.name === undefined) tensors.markIncomplete();
    else {
      const tensor = input && ({ kind: 'tensor', nodes: [input.node], isList: false } as const);
      tensors.define(section.name.text, tensor ?? invalid);
    }
    return input === undefined ? [] : [input];
  });
  if (sections.length === 0) tensors.markIncomplete();
  const [first] = inputs;
  for (const input of inputs) {
    if (first === undefined || sizeText(input) === sizeText(first)) continue;
    const section = sections.find(({ name }) => name?.text === input.name);
    context.reporter.report(
      'inputs-differ',
      {
        ...{ input: input.name, size: sizeText(input) },
        ...{ first: first.name, firstSize: sizeText(first) },
      },
      {
        at: section?.value?.span ?? section!.span,
        help: [
          'Give all inputs one size, and make one smaller in the network: "half = depth -> avg_pool(2)".',
        ],
      },
    );
  }
  return { inputs, isWhole: inputs.length === sections.length && inputs.length > 0 };
}

const sizeText = ({ height, width }: GraphInput): string => `${height} x ${width}`;
