import type { Formula } from '../../ir/formula.js';
import type { BlockFunction, Body, TensorReference } from '../program/body.js';
import type { Program, ProgramFunction, ProgramModel } from '../program/program.js';
import { withNamedChannels } from './channels.js';
import { withoutActivations, type ForwardOutput } from './logits.js';
import type { ModuleClass, TensorSource } from './module.js';
import type { OpenBody, OpenStep } from './open-body.js';
import type { TornStage } from './find-stages.js';
import { StageReader } from './stages.js';

/** A model as the class that `emit.ts` writes for it. */
export interface ModelModule {
  readonly model: ProgramModel;
  /** The steps of the class itself; its outputs are those of the graph, in order. */
  readonly module: ModuleClass;
  readonly outputs: readonly ForwardOutput[];
}

/** All classes of a file. */
export interface Modules {
  readonly models: readonly ModelModule[];
  /** In the order of the program; stages stand before what they are a part of. */
  readonly classes: readonly ModuleClass[];
  /** Shared instances that no module can call where the spec does. */
  readonly torn: readonly TornStage[];
}

/** Turns a program into modules: one for each function, and one for each stage that weights hang below. */
export function readModules({ models, functions }: Program): Modules {
  const stages = new StageReader();
  const functionOf = new Map(functions.map((each) => [each.of, each]));
  const byFunction = new Map<BlockFunction, ModuleClass>();
  const classOf = (of: BlockFunction): ModuleClass => {
    const known = byFunction.get(of);
    if (known !== undefined) return known;
    const own = functionOf.get(of)!;
    const made: ModuleClass = {
      name: own.name,
      word: own.block.name,
      doc: describe(own, classOf),
      body: stages.read(openBody(own.body, classOf), { isOfModel: false }),
      parameters: own.parameters.map(({ name, default: standard }) => ({
        name,
        default: standard && withNamedChannels(standard),
      })),
      isOfModel: false,
    };
    byFunction.set(of, made);
    return made;
  };
  for (const { of } of functions) classOf(of);
  const own = models.map((model): ModelModule => {
    const body = openBody(model.body, classOf);
    const stripped = withoutActivations(body, model.graph);
    return {
      model,
      outputs: stripped.outputs,
      module: {
        name: model.graph.model,
        word: model.graph.model,
        doc: [],
        body: stages.read(stripped.body, { isOfModel: true }),
        parameters: model.parameters,
        isOfModel: true,
      },
    };
  });
  stages.finish();
  const blocks = functions.map(({ of }) => classOf(of));
  return { models: own, classes: [...stages.classes, ...blocks], torn: stages.torn };
}

function describe(
  { doc, remarks }: ProgramFunction,
  classOf: (of: BlockFunction) => ModuleClass,
): ModuleClass['doc'] {
  const list = remarks.join(', ');
  if ('like' in doc) return [{ like: classOf(doc.like), remark: list }];
  return [doc.text, ...(list === '' ? [] : [`Here ${list}.`])];
}

function openBody(body: Body, classOf: (of: BlockFunction) => ModuleClass): OpenBody {
  const steps = body.steps.map((step): OpenStep => {
    const { suffix } = step;
    const base = {
      inputs: step.inputs.map(toSource),
      path: suffix.replace(/^\//, ''),
      suffix,
      nodes: [step.node],
    };
    if (step.kind === 'operation') {
      const formulas = mapValues(step.operation.formulas, withNamedChannels);
      return { ...base, kind: 'operation', operation: { ...step.operation, formulas } };
    }
    const args = [...step.args].flatMap(([name, value]): [string, Formula][] =>
      value === 'default' ? [] : [[name, withNamedChannels(value)]],
    );
    // All calls of a shared instance are calls of one module.
    const path = (step.instance?.suffix ?? suffix).replace(/^\//, '');
    return {
      ...{ ...base, path, kind: 'call', callee: classOf(step.block), args: new Map(args) },
      ...{ at: step.scope.origin, isShared: step.instance !== undefined },
    };
  });
  const inputs = body.inputs.map(({ node, name }) => ({
    node,
    name: name === 'input' ? '' : name,
  }));
  return { inputs, steps, outputs: body.outputs.map(toSource) };
}

const toSource = (reference: TensorReference): TensorSource =>
  reference.from === 'input' ? reference : { ...reference, output: reference.output ?? 0 };

const mapValues = <Value, Other>(
  values: Readonly<Record<string, Value>>,
  rule: (value: Value) => Other,
): Readonly<Record<string, Other>> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, rule(value)]));
