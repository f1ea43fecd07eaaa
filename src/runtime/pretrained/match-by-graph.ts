import type { LoadableNetwork } from '../../ir/encoder-files.js';
import { kerasConvention } from './conventions.js';
import { flowOfKeras, type StoredFlow } from './flow-of-keras.js';
import { flowOfNetwork, type NetworkFlow } from './flow-of-network.js';
import type { LayerCallRecord } from './keras-calls.js';
import { matchFlows, type Assignment } from './match-flows.js';
import { sortFound, targetsOf, type Matching, type Target } from './matching.js';
import type { StoredTensor } from './tensor-file.js';

/**
 * Finds for every weight its tensor by the graph that the file holds beside its weights:
 * operations that do the same to the same, whatever they are called and in whatever
 * order they were made. Undefined when no weight is found.
 *
 * A graph that goes on where the encoder ends, with a classifier or otherwise, is a file
 * for the encoder; one that holds the whole network, with another decoder at most where
 * the source may be partial, is for all of it.
 */
export function matchByGraph(
  loaded: LoadableNetwork,
  {
    tensors,
    calls,
  }: { readonly tensors: readonly StoredTensor[]; readonly calls: readonly LayerCallRecord[] },
  { encoderOnly, isPartial }: { readonly encoderOnly: boolean; readonly isPartial: boolean },
): Matching | undefined {
  const stored = flowOfKeras(calls, finderOf(tensors));
  const network = flowOfNetwork(loaded.graph);
  const match = (isNarrow: boolean): Matching =>
    matchPart(loaded, network, stored, tensors, isNarrow);
  const hasEncoder = loaded.encoderFiles !== undefined;
  const narrow = hasEncoder || encoderOnly ? match(true) : undefined;
  const wide = encoderOnly ? undefined : match(false);
  const isMore = (wide?.found.length ?? 0) > (narrow?.found.length ?? 0);
  const isWhole = wide?.missing.length === 0;
  const best = narrow === undefined || (isMore && (isWhole || isPartial)) ? wide : narrow;
  const isAny = best !== undefined && best.found.length + best.ambiguous.length > 0;
  return isAny ? best : undefined;
}

function matchPart(
  loaded: LoadableNetwork,
  { steps, stepOf }: NetworkFlow,
  stored: StoredFlow,
  tensors: readonly StoredTensor[],
  isNarrow: boolean,
): Matching {
  const { graph } = loaded;
  const targets = targetsOf(loaded, isNarrow);
  // An encoder's operations come before all others.
  const last = Math.max(0, ...targets.map(({ node }) => stepOf.get(node.id)!));
  const part = isNarrow ? steps.slice(0, last + 1) : steps;
  const outputs = new Set(graph.outputs.map(({ node }) => stepOf.get(node)!));
  const { assignment, others } = matchFlows(
    part,
    stored.steps,
    (step, laid) =>
      outputs.has(step) || steps.some(({ inputs }, at) => inputs.includes(step) && !laid.has(at)),
  );
  const matched = targets.map((target) => {
    const step = stepOf.get(target.node.id)!;
    const places = [assignment, ...others].flatMap((each) => each.get(step) ?? []);
    const tensorsThere = new Set(places.map((place) => stored.weights[place]?.[target.spec.role]));
    return { target, places, tensors: [...tensorsThere] };
  });
  const found = matched.flatMap(({ target, tensors: [tensor, second] }) =>
    tensor === undefined || second !== undefined
      ? []
      : [{ ...target, tensor, convention: kerasConvention }],
  );
  return {
    words: 'the graph in the file',
    family: undefined,
    prefix: '',
    ...sortFound(found, tensors),
    ambiguous: matched.flatMap(({ target, places, tensors: { length } }) =>
      length < 2
        ? []
        : [{ ...target, candidates: [...new Set(places.map((at) => stored.layers[at]!))] }],
    ),
    missing: matched.flatMap(({ target, tensors: [tensor, second] }) =>
      tensor === undefined && second === undefined
        ? [{ ...target, why: describeEnd(target, steps, stepOf, assignment, stored) }]
        : [],
    ),
  };
}

/** Where the two graphs part: what the operation follows, and what follows there in the file. */
function describeEnd(
  { node, spec }: Target,
  steps: NetworkFlow['steps'],
  stepOf: NetworkFlow['stepOf'],
  assignment: Assignment,
  { steps: storedSteps, layers }: StoredFlow,
): string {
  const step = stepOf.get(node.id)!;
  const at = assignment.get(step);
  if (at !== undefined) return `"${layers[at]!}", which stands in its place, has no ${spec.role}`;
  const before = steps[step]!.inputs.map((input) => assignment.get(input));
  const [place] = before;
  if (before.length !== 1 || place === undefined) return 'the graphs part before it';
  const next = layers.filter((_, each) => storedSteps[each]!.inputs.includes(place));
  const followers = [...new Set(next)].map((name) => `"${name}"`).join(' and ');
  const behind = layers[place] === '' ? 'the image' : `"${layers[place]!}"`;
  return followers === ''
    ? `nothing follows ${behind} in the file`
    : `${followers} of the file, behind ${behind}, does something else`;
}

/** Tensors by layer and role: the end of their names. */
function finderOf(
  tensors: readonly StoredTensor[],
): (layer: string, role: string) => StoredTensor | undefined {
  const byEnd = new Map<string, StoredTensor | 'several'>();
  for (const tensor of tensors) {
    const parts = tensor.name.split('/');
    for (let from = 0; from + 1 < parts.length; from++) {
      const end = parts.slice(from).join('/');
      const isWhole = from === 0;
      if (isWhole) byEnd.set(end, tensor);
      else if (!tensors.some(({ name }) => name === end)) {
        byEnd.set(end, byEnd.has(end) ? 'several' : tensor);
      }
    }
  }
  return (layer, role) => {
    const found = byEnd.get(`${layer}/${role}`);
    return found === 'several' ? undefined : found;
  };
}
