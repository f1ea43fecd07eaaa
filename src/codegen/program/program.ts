import type { BlockDescription } from '../../ir/block.js';
import type { Graph } from '../../ir/graph.js';
import { decideParameters, type KeptParameter } from './block-parameters.js';
import type { BlockFunction, Body } from './body.js';
import { nameFunctions } from './function-names.js';
import { BodyReader } from './read-bodies.js';
import { resolveBody } from './resolve.js';
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
}

/** A function for all calls of a block that do the same. */
export interface ProgramFunction {
  /** What calls in bodies refer to. */
  readonly of: BlockFunction;
  readonly block: BlockDescription;
  /** In the spec's spelling. */
  readonly name: string;
  /** What sets it apart from the block's other functions: `With stride = 2.`; empty for an only one. */
  readonly remark: string;
  /** Its lines in the parameters that the function has. */
  readonly body: Body;
  /** Those without a default first. */
  readonly parameters: readonly KeptParameter[];
}

/** Reads graphs into one program for a target. */
export function buildProgram(graphs: readonly Graph[], target: Target): Program {
  const reader = new BodyReader(target);
  const bodies = graphs.map((graph) => reader.readModel(graph));
  const shared = shareLiterals(reader.functions, bodies);
  const inOrder = [...reader.functions].sort(bySpec);
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
  const models = graphs.map((graph, index) => ({ graph, body: shared.models[index]! }));
  return { models, functions };
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
