import type { BlockDescription } from '../../ir/block.js';
import { inScope, parametersOf, substitute, type Formula } from '../../ir/formula.js';
import type { NumberLimits } from '../../ir/number-limits.js';
import { shortenFormula } from '../../ir/shorten-formula.js';
import type { Graph, GraphParameter } from '../../ir/graph.js';
import { decideParameters, parametersRead, reach, type KeptParameter } from './block-parameters.js';
import type { BlockFunction, Body, OpenParameters } from './body.js';
import { nameFunctions, type FunctionName } from './function-names.js';
import { outlineEncoders } from './outline-encoder.js';
import { outlinePipelines } from './outline-pipelines.js';
import { FunctionTable } from './function-table.js';
import { readModel } from './read-bodies.js';
import { mapFormulas, resolveBody } from './resolve.js';
import { joinVariants } from './join-variants.js';
import { shareLiterals } from './share-literals.js';
import type { Target } from './target.js';

/**
 * Some models as functions that call each other, with the names of the spec: what every
 * target that prints source writes out in its own words.
 */
export interface Program {
  readonly models: readonly ProgramModel[];
  /** In the order of the spec; variants of one block in the order of their first calls. */
  readonly functions: readonly ProgramFunction[];
}

export interface ProgramModel {
  readonly graph: Graph;
  readonly body: Body;
  /** The channels of each input of the graph, over the parameters. */
  readonly channels: readonly Formula[];
  /** What a caller may choose, each with the value of the graph by default. */
  readonly parameters: readonly ModelParameter[];
  /** The spec's other parameters: more follows from them than numbers in the network. */
  readonly fixed: readonly GraphParameter[];
}

/** A parameter of a model that its function has. */
export interface ModelParameter {
  readonly name: string;
  /** Over the parameters before it. */
  readonly default: Formula;
  readonly limits: NumberLimits;
}

/** A function for all calls of a block that do the same. */
export interface ProgramFunction {
  /** What calls in bodies refer to. */
  readonly of: BlockFunction;
  readonly block: BlockDescription;
  /** In the spec's spelling. */
  readonly name: string;
  /** The block's documentation where this is its first function, else which is. */
  readonly doc: FunctionName['doc'];
  /** Values of parameters of the block that are none of the function, and steps it lacks. */
  readonly remarks: readonly string[];
  /** Its lines in the parameters that the function has. */
  readonly body: Body;
  /** Those without a default first. */
  readonly parameters: readonly KeptParameter[];
}

/** Reads graphs into one program for a target. */
export function buildProgram(models: readonly Graph[], target: Target): Program {
  const graphs = models
    .map(outlinePipelines)
    .map((graph) => (target.takesForeignNames ? outlineEncoders(graph) : graph));
  const table = new FunctionTable(target);
  const read = graphs.map((graph) => readModel(graph, table));
  const joined = joinVariants(
    table.functions,
    read.map(({ body }) => body),
    target,
  );
  const shared = shareLiterals(joined.functions, joined.models);
  const inOrder = [...joined.functions].sort(bySpec);
  const called = nameFunctions(inOrder);
  const functions = inOrder.map((of): ProgramFunction => {
    const { kept, replaced } = decideParameters(of);
    const { body, added } = shared.functions.get(of)!;
    return {
      of,
      block: of.block,
      ...called.get(of)!,
      body: resolveBody(body, replaced),
      parameters: withAdded(kept, added),
    };
  });
  return {
    models: graphs.map((graph, index) => asModel(graph, shared.models[index]!, read[index]!.open)),
    functions,
  };
}

/** A model's function: its formulas keep the parameters that are open, the others are numbers. */
function asModel(graph: Graph, body: Body, open: OpenParameters): ProgramModel {
  const fixed = graph.parameters.filter(({ name }) => !open.has(name));
  const replaced = new Map(
    fixed.flatMap(({ name, value }) =>
      typeof value === 'number' ? [[name, { kind: 'number', value } as const]] : [],
    ),
  );
  const channels = graph.inputs.map(({ node }) => {
    const { channels: value, derivations } = graph.nodes[node]!;
    const formula = derivations?.['channels']?.formula;
    const own = formula && inScope(formula, 0);
    return own === undefined ? ({ kind: 'number', value } as const) : substitute(own, replaced);
  });
  const whole = new Set(
    graph.parameters.flatMap(({ name, limits }) => (limits.isWhole ? [name] : [])),
  );
  const resolved = mapFormulas(body, (formula) =>
    shortenFormula(substitute(formula, replaced), (name) => whole.has(name)),
  );
  const standards = new Map(
    graph.parameters.flatMap(({ name, value, limits, default: standard }) => {
      if (!open.has(name) || typeof value !== 'number') return [];
      const formula = standard ?? ({ kind: 'number', value } as const);
      return [[name, { default: substitute(formula, replaced), limits }] as const];
    }),
  );
  const read = reach(
    [...parametersRead(resolved), ...channels.flatMap(parametersOf)],
    (name) => standards.get(name)?.default,
  );
  const parameters = [...standards]
    .filter(([name]) => read.has(name))
    .map(([name, standard]) => ({ name, ...standard }));
  return { graph, body: resolved, channels, parameters, fixed };
}

/** Parameters without a default come before those with one. */
function withAdded(
  kept: readonly KeptParameter[],
  added: readonly string[],
): readonly KeptParameter[] {
  const first = kept.findIndex((parameter) => parameter.default !== undefined);
  const at = first < 0 ? kept.length : first;
  const more = added.map((name) => ({ name, default: undefined }));
  return [...kept.slice(0, at), ...more, ...kept.slice(at)];
}

/** In the order of the spec; variants of one block in the order of their first calls. */
function bySpec(left: BlockFunction, right: BlockFunction): number {
  return left.block.origin.start - right.block.origin.start || left.id - right.id;
}
