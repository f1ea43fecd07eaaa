import type { Graph } from '../../ir/graph.js';
import type { HeadActivation } from '../../ir/head-activation.js';
import type { HeadLosses, LossExpression } from '../../ir/recipe.js';
import { defaultsOf } from './read-component.js';

/** The cross-entropy that takes logits through an activation. */
const entropies = {
  sigmoid: 'bce',
  softmax: 'cross_entropy',
} as const satisfies Readonly<Record<Exclude<HeadActivation, 'none'>, string>>;

/**
 * The usual losses of heads whose logits were trained through other activations than the usual
 * ones: with the cross-entropy that has those.
 *
 * @param activations by the names of outputs; the first that is known of a head counts.
 */
export function lossesAsTrained(
  { heads }: Pick<Graph, 'heads'>,
  usual: HeadLosses,
  activations: ReadonlyMap<string, HeadActivation>,
): HeadLosses {
  return Object.fromEntries(
    Object.entries(usual).map(([name, loss]) => {
      const outputs = heads.find((head) => head.name === name)?.outputs ?? [];
      const [activation] = outputs.flatMap((output) => activations.get(output) ?? []);
      return [
        name,
        activation === undefined || activation === 'none'
          ? loss
          : withEntropy(loss, entropies[activation]),
      ];
    }),
  );
}

function withEntropy(
  expression: LossExpression,
  name: (typeof entropies)[keyof typeof entropies],
): LossExpression {
  switch (expression.kind) {
    case 'loss': {
      const { loss } = expression;
      if (loss.name === name || (loss.name !== 'bce' && loss.name !== 'cross_entropy'))
        return expression;
      const { origin } = loss;
      return { kind: 'loss', loss: { name, options: defaultsOf('loss', name), origin } };
    }
    case 'sum':
      return { ...expression, terms: expression.terms.map((term) => withEntropy(term, name)) };
    case 'scale':
    case 'map':
      return { ...expression, loss: withEntropy(expression.loss, name) };
  }
}
