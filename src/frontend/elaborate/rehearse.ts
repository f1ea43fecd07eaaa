import type { Diagnostic, Result } from '../../diagnostics/diagnostic.js';
import { Reporter } from '../../diagnostics/report.js';
import type { ParameterNode } from '../../parser/ast.js';
import { bindParameters, callBlock } from './block-call.js';
import type { Declaration, EncoderDeclaration } from '../declarations/blocks.js';
import { GraphBuilder } from './builder.js';
import { callShared } from './shared-call.js';
import { runFlow } from './flow.js';
import type { FlowContext } from './flow-context.js';
import type { Graph, GraphOutput } from '../../ir/graph.js';
import { isSound } from '../values/evaluation-context.js';
import { isStage, wordsOf } from '../values/parameters.js';
import { runLines, startRun, type LineRun } from './run-lines.js';
import { Environment, invalid, type Value } from '../values/value.js';
import type { Work } from '../values/work.js';

/** Channels of the image that an encoder is tried on: colour, which published ones take. */
const imageChannels = 3;

/**
 * Checks what a file declares, used or not: every block and encoder runs with nothing
 * known, both ways at every condition, and reports what is wrong for any value.
 */
export function rehearse(declarations: readonly Declaration[], work: Work): readonly Diagnostic[] {
  const reporter = new Reporter();
  for (const declaration of declarations) {
    const context = contextOf(declaration, 'unknown', reporter, work);
    const { environment } = context;
    environment.define('in', invalid);
    for (const parameter of declaration.parameters) {
      environment.define(parameter.name.text, unknownOf(parameter));
    }
    const parameters = declaration.parameters.filter((each) => each.defaultValue !== undefined);
    bindParameters({ ...declaration, parameters }, ownerOf(declaration), [], environment, context);
    for (const parameter of parameters) {
      environment.define(parameter.name.text, unknownOf(parameter));
      if (isStage(parameter)) runFlow(parameter.defaultValue!, context);
    }
    runBody(declaration, context);
  }
  return reporter.diagnostics;
}

/** A parameter whose value is not known; its type says which words it may be. */
const unknownOf = ({ type }: ParameterNode): Value =>
  type === undefined ? invalid : { kind: 'invalid', words: wordsOf(type) };

/**
 * Runs an encoder by its defaults on a colour image. The graph has an output for each
 * tap; undefined when the encoder needs values, or something was reported.
 */
export function tryOnImage(encoder: EncoderDeclaration, work: Work): Result<Graph | undefined> {
  const reporter = new Reporter();
  return reporter.result(graphOnImage(encoder, reporter, work));
}

function graphOnImage(
  encoder: EncoderDeclaration,
  reporter: Reporter,
  work: Work,
): Graph | undefined {
  if (encoder.parameters.some(({ defaultValue }) => defaultValue === undefined)) return undefined;
  const context = contextOf(encoder, undefined, reporter, work);
  const { builder, environment } = context;
  const op = { kind: 'input', channels: imageChannels } as const;
  const origin = encoder.name.span;
  const tensor = { name: 'in', madeBy: { kind: 'input' } } as const;
  const input = { op, inputs: [], name: 'in', tensor, scope: 0, origin } as const;
  const node = builder.addNode(input, reporter);
  if (node === undefined) return undefined;
  const image = { nodes: [node], isList: false };
  environment.define('in', { kind: 'tensor', ...image });
  const bound = bindParameters(encoder, ownerOf(encoder), [], environment, context);
  if (bound === undefined) return undefined;
  const { taps } = runBody(encoder, { ...context, input: image });
  if (!isSound(context)) return undefined;
  const outputs = [...taps].flatMap(([name, flow]): readonly GraphOutput[] => {
    const [tap] = flow?.nodes ?? [];
    return tap === undefined ? [] : [{ name, node: tap, values: 'logits', origin }];
  });
  return {
    model: encoder.name.text,
    nodes: builder.nodes,
    scopes: builder.scopes,
    inputs: [{ name: 'in', node, height: 'H', width: 'W' }],
    outputs,
    heads: [],
    encoders: [],
    parameters: [],
  };
}

const ownerOf = ({ name }: Declaration) => ({ name: name.text, span: name.span });

function contextOf(
  declaration: Declaration,
  input: FlowContext['input'],
  reporter: Reporter,
  work: Work,
): FlowContext {
  const builder = new GraphBuilder(declaration.name.text);
  const origin = declaration.name.span;
  builder.openScope({
    parent: undefined,
    block: undefined,
    name: '',
    args: [],
    inputs: [],
    origin,
  });
  return {
    builder,
    reporter,
    work,
    blocks: declaration.home,
    environment: new Environment(),
    channelsOf: (node) => builder.channelsValue(node),
    scope: 0,
    path: declaration.name.text,
    target: undefined,
    tensor: { name: declaration.name.text, madeBy: { kind: 'wire' } },
    input,
    calls: [{ declaration, args: undefined }],
    callBlock,
    callShared,
  };
}

function runBody({ body, kind, name }: Declaration, context: FlowContext): LineRun {
  const owner = `${kind === 'block' ? 'Block' : 'Encoder'} "${name.text}"`;
  const ownName = kind === 'encoder' ? (tap: string): string => tap : undefined;
  const run = startRun(context.environment, { owner, at: name.span }, ownName);
  if ('kind' in body) runFlow(body, context);
  else runLines(body, run, context);
  return run;
}
