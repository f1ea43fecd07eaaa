import type { Span } from '../../diagnostics/source.js';
import type { NodeId, ScopeArgument, ScopeId } from '../../ir/graph.js';
import type { NamedTensor } from '../../ir/provenance.js';
import type { Argument } from '../../parser/ast.js';
import type { BlockDeclaration, BlockTable, Declaration } from '../declarations/blocks.js';
import type { EvaluationContext } from '../values/evaluation-context.js';
import type { Owner } from '../values/options.js';
import type { Environment, SharedInstance } from '../values/value.js';
import type { GraphBuilder } from './builder.js';

/** One tensor, or several on their way into a merge. */
export interface Flow {
  readonly nodes: readonly NodeId[];
  readonly isList: boolean;
}

/** Where a pipeline runs: what flows in, which names are seen, what its nodes are called. */
export interface FlowContext extends EvaluationContext {
  readonly builder: GraphBuilder;
  readonly blocks: BlockTable;
  readonly environment: Environment;
  readonly scope: ScopeId;
  /** Prefix of the names of nodes on the way. */
  readonly path: string;
  /** The name of the last node; numbered like the others when undefined. */
  readonly target: string | undefined;
  /** The tensor with a name that the pipeline makes or leads to. */
  readonly tensor: NamedTensor;
  /**
   * What a pipeline without a source of its own starts from. `unknown` when a
   * problem before was reported: what follows is still checked, in silence about
   * what follows from it.
   */
  readonly input: Flow | 'unknown' | undefined;
  /** The calls that are running, outermost first. */
  readonly calls: readonly RunningCall[];
  /** Runs a block: blocks hold flows, and flows call blocks. */
  readonly callBlock: CallBlock;
  /** Runs a shared instance, which holds a flow, too. */
  readonly callShared: CallShared;
}

/** A call of a block, an encoder or a shared instance that has not ended. */
export interface RunningCall {
  readonly declaration: Declaration | SharedInstance;
  /** What it was given; undefined for an instance, and for one that runs by itself, to be checked. */
  readonly args: readonly ScopeArgument[] | undefined;
}

export type CallShared = (
  instance: SharedInstance,
  origin: Span,
  context: FlowContext,
) => Flow | undefined;

export type CallBlock = (
  block: BlockDeclaration,
  owner: Owner,
  args: readonly Argument[],
  origin: Span,
  context: FlowContext,
) => Flow | undefined;

export function reportNoInput(what: string, at: Span, context: FlowContext): void {
  context.reporter.report('no-input', { what }, { at });
}
