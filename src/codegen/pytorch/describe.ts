import type { Graph } from '../../ir/graph.js';
import { headOfOutput } from '../../ir/graph-heads.js';
import { activationOf } from '../../ir/head-activation.js';
import type { TrainRecipe } from '../../ir/recipe.js';
import type { SizeAnalysis } from '../../ir/sizes/sizes.js';
import { joined } from '../../ir/sizes/legal-text.js';
import { imagesText, sizeText } from '../../ir/sizes/size-text.js';
import { channelsFirst } from './shapes.js';
import type { ForwardOutput } from './logits.js';

/** What a module takes and gives, in a sentence or two. */
export function describeForward(
  graph: Graph,
  sizes: SizeAnalysis,
  outputs: readonly ForwardOutput[],
  recipe: TrainRecipe | undefined,
): string {
  const alike = new Map<string, { names: string[]; text: readonly [string, string] }>();
  for (const each of outputs) {
    const text = outputText(graph, sizes, each, recipe);
    const known = alike.get(text.join(' '));
    if (known === undefined) alike.set(text.join(' '), { names: [each.output.name], text });
    else known.names.push(each.output.name);
  }
  const sentences = [...alike.values()].map(({ names, text: [size, values] }) => {
    const [is, holds] = names.length === 1 ? ['is', 'holds'] : ['are', 'hold'];
    const list = joined(
      names.map((name) => `"${name}"`),
      'and',
    );
    return `${list} ${is} ${size} and ${holds} ${values}`;
  });
  const images = `Takes ${imagesText(graph, sizes)}`;
  return sentences.length === 1
    ? `${images}; ${sentences[0]!}.`
    : `${images}. ${sentences.map((text) => `${text}.`).join(' ')}`;
}

function outputText(
  graph: Graph,
  sizes: SizeAnalysis,
  { output, isLogits }: ForwardOutput,
  recipe: TrainRecipe | undefined,
): readonly [string, string] {
  const { channels } = graph.nodes[output.node]!;
  const where = `in ${channels} ${channels === 1 ? 'channel' : 'channels'}`;
  const size = sizeText(sizes, output) ?? channelsFirst(graph, sizes, output.node);
  if (!isLogits) return [size, `probabilities (${output.values}) ${where}`];
  const head = headOfOutput(graph, output.name);
  const loss = recipe && ((head && recipe.losses[head.name]) ?? recipe.loss);
  const activation = loss === undefined ? output.values : activationOf(output, channels, loss);
  if (activation === 'none') return [size, `values ${where}`];
  const makes = activation === 'logits' ? '' : `, of which ${activation} makes probabilities`;
  return [size, `logits ${where}${makes}`];
}
