import { counted } from '../../diagnostics/counted.js';
import type { ScopeArgument } from '../../ir/graph.js';
import type { SharedLine } from '../declarations/lines.js';
import { namesIn } from '../../parser/tree/mentions.js';
import { derivationOf } from '../values/model-parameter.js';
import { asParameterOf } from '../values/parameters.js';
import { Environment, invalid, toData, type SharedInstance, type Value } from '../values/value.js';
import { reportTooDeep } from './call-depth.js';
import { runFlow } from './flow.js';
import { reportNoInput, type CallShared, type Flow, type FlowContext } from './flow-context.js';
import { describeShared } from './shared-instances.js';

/**
 * Makes the instance of a line `shared step = conv(c, 3) -> relu` and gives it its name. It
 * sees the data of where it stands, as they are there, and `in`; a tensor is reported.
 *
 * @param later tensors of its place that are not made yet.
 */
export function declareShared(
  line: SharedLine,
  context: FlowContext,
  later: readonly string[] = [],
): SharedInstance {
  const { environment, builder, blocks, reporter } = context;
  const captured = new Map<string, Value>();
  for (const { text, span } of namesIn(line.value)) {
    const value = text === 'in' || captured.has(text) ? undefined : environment.lookup(text);
    const isTensor = value === undefined ? later.includes(text) : value.kind === 'tensor';
    if (isTensor) captured.set(text, invalid);
    else if (value !== undefined) captured.set(text, value);
    if (!isTensor) continue;
    const help = [
      `Let it flow in: "in" is what a call sends into "${line.name.text}", also a list of tensors.`,
    ];
    const found = { name: line.name.text, tensor: text };
    reporter.report('shared-names-a-tensor', found, { at: span, help });
  }
  const { isIncomplete } = environment;
  const instance: SharedInstance = {
    name: line.name,
    pipeline: line.value,
    captured,
    isIncomplete,
  };
  const own = context.path === '' ? line.name.text : `${context.path}/${line.name.text}`;
  builder.shared.add(instance, {
    path: builder.uniqueName(own),
    blocks,
    scope: context.scope,
    block: describeShared(line, captured),
  });
  // Where nothing flows yet, its pipeline is checked as it stands, called or not.
  if (context.input === undefined || context.input === 'unknown') {
    runFlow(line.value, { ...bodyOf(instance, 'unknown', context), target: undefined });
  }
  environment.define(line.name.text, { kind: 'shared', instance });
  return instance;
}

/**
 * Runs a shared instance on what flows in. Its operations are those of its first call; that
 * of another number of channels is reported, since weights are made for one.
 */
export const callShared: CallShared = (instance, origin, context) => {
  const { builder, reporter, input } = context;
  const { text: name } = instance.name;
  const place = { name, span: origin };
  const shared = builder.shared.of(instance);
  if (reportTooDeep(place, context)) return undefined;
  if (input === undefined) {
    reportNoInput(`The shared instance "${name}"`, origin, context);
    return undefined;
  }
  if (!context.work.countLines(1, origin) || !builder.countCall(origin, reporter)) return undefined;
  if (input === 'unknown') return undefined;
  const channels = input.nodes.map((node) => builder.channelsOf(node));
  const { first } = shared;
  if (first !== undefined && first.channels.join() !== channels.join()) {
    const expects = flowText(first.channels);
    const labels = [{ span: first.origin, text: `first called here, with ${expects}` }];
    const help = ['Bring both to the same channels, or declare a second instance.'];
    const found = { name, expects, found: flowText(channels) };
    reporter.report('shared-channels-differ', found, { at: origin, labels, help });
    return undefined;
  }
  const path = builder.numberedName(context.target ?? context.path, name);
  const body = bodyOf(instance, input, context);
  const scope = builder.openScope({
    parent: context.scope,
    block: shared.block,
    name: context.target ?? path,
    instance: shared.path,
    args: argumentsOf(instance.captured),
    inputs: input.nodes,
    origin,
  });
  const from = builder.nodes.length;
  const output = runFlow(instance.pipeline, { ...body, path, target: path });
  const [node] = output?.nodes ?? [];
  if (output === undefined || node === undefined) return undefined;
  builder.closeScope(scope, node);
  builder.shareOperations(instance, { from, scope, path, origin, channels });
  // A tensor that the spec names keeps that name, whoever makes it.
  if (context.target !== undefined && node >= from) builder.rename(node, context.target);
  return output;
};

/** Where the pipeline of an instance runs: it sees its data and `in`. */
function bodyOf(
  instance: SharedInstance,
  input: Flow | 'unknown',
  context: FlowContext,
): FlowContext {
  const scope = context.builder.nextScope;
  const environment = new Environment();
  if (instance.isIncomplete) environment.markIncomplete();
  const flowing: Value =
    input === 'unknown' ? invalid : { kind: 'tensor', ...input, inputOf: scope };
  environment.define('in', flowing);
  for (const [name, value] of instance.captured) {
    environment.define(name, asParameterOf(value, name, scope));
  }
  const { blocks } = context.builder.shared.of(instance);
  const calls = [...context.calls, { declaration: instance, args: undefined }];
  return { ...context, environment, blocks, input, scope, calls };
}

/** Data that an instance captured, as the graph records arguments of a block. */
function argumentsOf(captured: ReadonlyMap<string, Value>): readonly ScopeArgument[] {
  return [...captured].flatMap(([name, value]): readonly ScopeArgument[] => {
    const data = toData(value);
    if (data === undefined) return [];
    const derivation = derivationOf(value);
    return [{ name, value: data, ...(derivation === undefined ? {} : { derivation }) }];
  });
}

/** What flows into a call, in words: `16 channels`, `2 tensors of 16 and 8 channels`. */
function flowText(channels: readonly number[]): string {
  const [only] = channels;
  if (channels.length === 1) return counted(only!, 'channel');
  return `${channels.length} tensors of ${channels.join(' and ')} channels`;
}
