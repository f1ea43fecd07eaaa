import type { Graph, GraphHead, GraphOutput, NodeId } from './graph.js';
import { axisRuleOf } from './operations/axis-rules.js';
import type { TargetForm } from './target.js';

/**
 * Whether a tensor has one value a channel for the whole image, as after global
 * pooling, whatever the size of the input.
 */
export function isPerImage(graph: Graph, id: NodeId): boolean {
  let answers = perImage.get(graph.nodes);
  if (answers === undefined) {
    answers = perImageNodes(graph);
    perImage.set(graph.nodes, answers);
  }
  return answers[id]!;
}

/** The answers for all nodes of a graph, which are made once. */
const perImage = new WeakMap<Graph['nodes'], readonly boolean[]>();

function perImageNodes({ nodes }: Graph): readonly boolean[] {
  const answers: boolean[] = [];
  for (const { op, inputs } of nodes) {
    const rule = axisRuleOf(op, 0);
    switch (rule.kind) {
      case 'source':
        answers.push(false);
        break;
      case 'attend':
      case 'only':
        answers.push(answers[inputs[0]!]!);
        break;
      case 'fixed':
        answers.push(rule.size === 1);
        break;
      case 'step':
        answers.push(rule.multiply === 1 && rule.after === 0 && answers[inputs[0]!]!);
        break;
      case 'equal':
      case 'gate':
        answers.push(inputs.every((input) => answers[input]!));
        break;
      case 'follow':
        answers.push(answers[inputs[1]!]!);
    }
  }
  return answers;
}

/** The outputs of a head, in order. */
export function outputsOf(graph: Graph, head: GraphHead): readonly GraphOutput[] {
  const places = placesOf(graph);
  const own = [...new Set(head.outputs)].flatMap((name) => places.get(name) ?? []);
  return own.sort((a, b) => a - b).map((place) => graph.outputs[place]!);
}

/** The head that an output belongs to. */
export function headOfOutput({ heads }: Graph, output: string): GraphHead | undefined {
  let owners = ownersOfOutputs.get(heads);
  if (owners === undefined) {
    owners = new Map(
      [...heads].reverse().flatMap((head) => head.outputs.map((name) => [name, head] as const)),
    );
    ownersOfOutputs.set(heads, owners);
  }
  return owners.get(output);
}

const ownersOfOutputs = new WeakMap<Graph['heads'], ReadonlyMap<string, GraphHead>>();

/** The output that carries a head's name. */
export function mainOutputOf(graph: Graph, head: GraphHead): GraphOutput {
  return graph.outputs[placesOf(graph).get(head.name)!]!;
}

/** Where each output of a graph stands, by its name; made once, since graphs may have thousands. */
function placesOf({ outputs }: Graph): ReadonlyMap<string, number> {
  let places = outputPlaces.get(outputs);
  if (places === undefined) {
    places = new Map([...outputs.entries()].reverse().map(([place, { name }]) => [name, place]));
    outputPlaces.set(outputs, places);
  }
  return places;
}

const outputPlaces = new WeakMap<Graph['outputs'], ReadonlyMap<string, number>>();

/** Whether a head classifies the whole image, not its pixels. */
export function classifiesImages(graph: Graph, head: GraphHead): boolean {
  return isPerImage(graph, mainOutputOf(graph, head).node);
}

/** What a head stands for. */
export const formOfHead = (graph: Graph, head: GraphHead): TargetForm =>
  mainOutputOf(graph, head).form ?? 'classes';

/**
 * The head that masks are compared with at full size and that is predicted: the first one that
 * gives a mask and has no target of its own; where none does, the first that tells classes apart,
 * in several channels, or the first.
 */
export function mainHead(graph: Graph): GraphHead {
  const { heads, nodes } = graph;
  const ofPixels = heads.filter((head) => !classifiesImages(graph, head));
  return (
    ofPixels.find((head) => mainOutputOf(graph, head).form === undefined) ??
    ofPixels[0] ??
    heads.find((head) => nodes[mainOutputOf(graph, head).node]!.channels > 1) ??
    heads[0]!
  );
}
