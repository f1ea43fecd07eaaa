import type { Diagnostic, Result } from '../../diagnostics/diagnostic.js';
import { Reporter } from '../../diagnostics/report.js';
import type { Graph } from '../../ir/graph.js';
import { describeModel } from '../model-facts.js';
import { textTargets } from '../text-targets.js';
import { buildProgram } from '../program/program.js';
import type { EmittedModel, EmitSource } from '../typescript/emit.js';
import { checkNames } from './check-names.js';
import { describeForward } from './describe.js';
import { stringText } from '../python/docstring.js';
import { planFile, type FileParts, type NamedClass, type NamedModel } from './file-parts.js';
import { helpers } from './helpers.js';
import { initialWeights } from './initial-weights.js';
import { countText, describeParameters, divisible, head } from '../python/file-text.js';
import { layOut } from '../python/layout.js';
import { pytorchTarget } from './target.js';
import type { HelperName } from './words.js';
import type { TornStage } from './find-stages.js';
import { readModules } from './read-program.js';
import { needsSizeCheck, sizeCheck } from '../python/size-check.js';
import { ClassWriter } from './write-class.js';
import { fieldNames, outputTuples, writeModelClass, type WrittenModel } from './write-model.js';

/** An emitted file. */
export interface PyTorchFile {
  readonly text: string;
  /** What the classes of the models are called, in their order. */
  readonly classes: readonly string[];
  /** How other files speak of the models, in their order. */
  readonly models: readonly ModelNames[];
}

/** What a file calls a model and what comes out of it. */
export interface ModelNames {
  readonly className: string;
  /** The named tuple that `forward` gives; undefined where there is one output. */
  readonly outputsName: string | undefined;
  /** In the order of the graph's outputs: the field, and whether `forward` gives its logits. */
  readonly outputs: readonly { readonly field: string; readonly isLogits: boolean }[];
  /** The fields of what `predict` gives, in the order of the graph's heads; of no use for one. */
  readonly predictions: readonly string[];
  /** The tuple of the names of classes; the file has it where the recipe names them. */
  readonly classNames: string;
  /** The class of batch norms whose running variance is Keras'; undefined where the file has none. */
  readonly batchNorm: string | undefined;
}

/**
 * The models of a spec as one Python file that imports PyTorch and nothing else: a module
 * for each model and each block, whose weights have the names of the spec with dots for
 * slashes. A name that PyTorch has for something else is reported. Laid out as ruff's formatter does by default; equal input gives equal bytes.
 */
export function emitPyTorch(
  ofSpec: readonly EmittedModel[],
  source: EmitSource,
): Result<PyTorchFile | undefined> {
  const diagnostics = ofSpec.flatMap(({ graph }) => checkNames(graph));
  if (diagnostics.length > 0) return { value: undefined, diagnostics };
  const program = buildProgram(
    ofSpec.map(({ graph }) => graph),
    pytorchTarget,
  );
  const modules = readModules(program);
  if (modules.torn.length > 0) return { value: undefined, diagnostics: reportTorn(modules.torn) };
  const parts = planFile(modules);
  const writer = new ClassWriter(parts);
  const models = parts.models.map((named, index) => describe(named, ofSpec[index]!));
  const ordered = modules.classes.map((module) => parts.classes.get(module)!);
  const classes = inOrderOfBases(
    ordered.map((own) => ({ own, base: writer.constructorOf(own).base })),
  );
  const main = [
    ...models.map(classNames),
    ...models.flatMap((model) => [
      ...outputTuples(model),
      writeModelClass(model, parts, writer),
      ...(needsSizeCheck(model.sizes)
        ? [sizeCheck(model.named.check, model.named.called, model.sizes)]
        : []),
    ]),
  ];
  const blocks = classes.map((own) => writer.write(own));
  const graphs = ofSpec.map(({ graph }) => graph);
  const rest = [initialWeights(parts, graphs.some(hasTransposed))];
  const own = toText([...main, ...blocks, ...rest]);
  const needed = helpersIn(own, parts);
  const textOf = (name: HelperName): readonly string[] => helpers[name].text.trimEnd().split('\n');
  const text = toText([
    ...main,
    // Blocks may derive from these.
    ...needed.filter(isClass).map(textOf),
    ...blocks,
    ...needed.filter((name) => !isClass(name)).map(textOf),
    ...(own.includes(`${parts.makeDivisible}(`) ? [divisible(parts.makeDivisible)] : []),
    ...rest,
  ]);
  const value = {
    // Names of classes stand closer to the imports than a class does.
    text: `${head(textTargets.pytorch.firstWords, source)}\n${importsOf(text)}\n\n${/^class /.test(text) ? '\n' : ''}${text}\n`,
    classes: models.map(({ named }) => named.called),
    models: models.map((model) => ({
      ...namesOf(model),
      batchNorm: needed.includes('BatchNorm') ? parts.helper('BatchNorm') : undefined,
    })),
  };
  return { value, diagnostics };
}

function reportTorn(torn: readonly TornStage[]): readonly Diagnostic[] {
  const reporter = new Reporter();
  for (const { stage, other, isShared, at } of torn) {
    if (isShared) {
      const help = [`Write it as two lines: give what comes before "${other}" a name of its own.`];
      reporter.report('torch-shared-inside', { stage, instance: other }, { at, help });
    } else {
      const help = [
        `Give what "${other}" is made by another name, and write "tap ${other} = " that.`,
      ];
      reporter.report('torch-torn', { stage, other }, { at, help });
    }
  }
  return reporter.diagnostics;
}

function namesOf({ named, graph }: WrittenModel): Omit<ModelNames, 'batchNorm'> {
  const { outputs } = named.of;
  const fields = fieldNames(outputs.map(({ output }) => output.name));
  return {
    className: named.called,
    outputsName: outputs.length > 1 ? named.outputs : undefined,
    outputs: outputs.map(({ isLogits }, at) => ({ field: fields[at]!, isLogits })),
    predictions: fieldNames(graph.heads.map(({ name }) => name)),
    classNames: named.classNames,
  };
}

const toText = (sections: readonly (readonly string[])[]): string =>
  sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n\n');

const hasTransposed = ({ nodes }: Graph): boolean =>
  nodes.some(({ op }) => op.kind === 'conv_transpose');

/** The names of the classes, where the recipe has some. */
function classNames({ named, recipe }: WrittenModel): readonly string[] {
  if (recipe?.classes === undefined) return [];
  const only = recipe.classes.length === 1 ? ',' : '';
  const list = recipe.classes.map(stringText).join(', ');
  return layOut(0, `${named.classNames} = (${list}${only})`);
}

const isClass = (name: HelperName): boolean => helpers[name].text.startsWith('class ');

/** The helpers that a text calls, with those that these call, in the table's order. */
function helpersIn(text: string, parts: FileParts): readonly HelperName[] {
  const needed = new Set<HelperName>();
  const add = (name: HelperName): void => {
    needed.add(name);
    helpers[name].needs?.forEach(add);
  };
  const all = Object.keys(helpers) as HelperName[];
  for (const name of all) {
    if (new RegExp(`\\b${parts.helper(name)}\\b`).test(text)) add(name);
  }
  return all.filter((name) => needed.has(name));
}

/** The classes so that each follows the one it derives from, else in their order. */
function inOrderOfBases(classes: readonly ClassWithBase[]): readonly NamedClass[] {
  const placed = new Set<NamedClass>();
  const byName = new Map(classes.map((each) => [each.own.called, each]));
  const place = ({ own, base }: ClassWithBase): void => {
    if (placed.has(own)) return;
    const parent = byName.get(base);
    if (parent !== undefined) place(parent);
    placed.add(own);
  };
  classes.forEach(place);
  return [...placed];
}

interface ClassWithBase {
  readonly own: NamedClass;
  readonly base: string;
}

/** The imports of what a text uses, in ruff's order. */
function importsOf(text: string): string {
  const typing = ['NamedTuple', 'TypeVar'].filter((name) =>
    new RegExp(`\\b${name}[()]`).test(text),
  );
  const standard = [
    ...(/\bmath\./.test(text) ? ['import math'] : []),
    ...(typing.length > 0 ? [`from typing import ${typing.join(', ')}`] : []),
  ];
  return [
    ...standard,
    ...(standard.length > 0 ? [''] : []),
    'import torch',
    'from torch import Tensor, nn',
    ...(/\bF\./.test(text) ? ['from torch.nn import functional as F'] : []),
  ].join('\n');
}

function describe(named: NamedModel, { graph, sizes, recipe }: EmittedModel): WrittenModel {
  const facts = recipe && describeModel({ graph, sizes, recipe });
  return {
    named,
    graph,
    sizes,
    recipe,
    doc: [
      graph.doc ?? '',
      `${describeForward(graph, sizes, named.of.outputs, recipe)} ${countText(graph)} parameters.`,
      facts?.scaling.text ?? '',
      describeParameters(named.of.model),
    ],
  };
}
