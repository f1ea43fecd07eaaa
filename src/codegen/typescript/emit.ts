import { jsonText } from '../../diagnostics/json-text.js';
import { printableLine } from '../../diagnostics/text-width.js';
import { graphWeights } from '../tfjs/weights.js';
import type { ArgumentValue, Graph } from '../../ir/graph.js';
import { layersOf, type CustomLayer } from '../tfjs/layers.js';
import { layeredGraph } from '../tfjs/layered-graph.js';
import type { TrainRecipe } from '../../ir/recipe.js';
import { analyseSizes, type SizeAnalysis } from '../../ir/sizes/sizes.js';
import { textTargets } from '../text-targets.js';
import { describeModel, type DescribedModel } from '../model-facts.js';
import { Writer } from '../writer.js';
import { finish } from './finish.js';
import { writeLayerFunction, writeLayerMaker } from './layer-functions.js';
import { layerSources } from './layer-sources.generated.js';
import { copiedTexts } from '../tfjs/copied-texts.js';
import { buildProgram } from '../program/program.js';
import { layersTarget } from './layer-forms.js';
import { writeOptionCheck } from './option-check.js';
import { planModule, type ModuleParts, type NamedModel } from './module-parts.js';
import { needsSizeCheck, writeSizeCheck } from './size-check.js';
import { describeImages } from '../../ir/sizes/size-text.js';
import { writeFunction, writeModelFunction } from './write-functions.js';
import { writeMaker } from './write-makers.js';

/** A model to emit: its graph with its proved sizes. */
export interface EmittedModel {
  readonly graph: Graph;
  readonly sizes: SizeAnalysis;
  /** Says how images are scaled and what classes are called; without one the module does not tell. */
  readonly recipe?: TrainRecipe | undefined;
}

/** Where the models come from. */
export interface EmitSource {
  /** The spec's name, as the first line of the module gives it; without folders, so that it is the same everywhere. */
  readonly file: string;
  /** Model parameters set from outside. */
  readonly set?: Readonly<Record<string, string>>;
}

/**
 * The models of a spec as one TypeScript module that imports TensorFlow.js and
 * nothing else: a `build` function for each model, a function for each block, one
 * for each kind of layer, and the classes of layers that TensorFlow.js lacks.
 * Laid out by prettier's defaults; equal input gives equal bytes.
 */
export async function emitTypeScript(
  models: readonly EmittedModel[],
  source: EmitSource,
): Promise<string> {
  return finish(writeModule(models, source));
}

/** The same module before it is laid out. */
export function writeModule(ofSpec: readonly EmittedModel[], source: EmitSource): string {
  const models = ofSpec.map(inLayers);
  const program = buildProgram(
    models.map(({ graph }) => graph),
    layersTarget,
  );
  const copied = copiedTexts(customLayersOf(models), layerSources);
  const parts = planModule(program, copied);
  const writer = new Writer();
  writer.line(origin(source)).line("import * as tf from '@tensorflow/tfjs';");
  writer.gap().doc(['What flows between layers while a network is put together.']);
  writer.line('type Tensor = tf.SymbolicTensor;');
  for (const [index, model] of models.entries())
    writeModel(writer, model, parts, parts.models[index]!);
  for (const each of parts.functions.values()) {
    if (each.of.isMaker) writeMaker(writer, each, parts);
    else writeFunction(writer, each, parts);
  }
  writeLayers(writer, parts);
  for (const { text } of copied) writer.gap().line(text);
  return writer.toString();
}

/** The model as layers carry it, with the sizes of what was added. */
function inLayers(model: EmittedModel): EmittedModel {
  const graph = layeredGraph(model.graph);
  if (graph === model.graph) return model;
  const analysis = analyseSizes(graph);
  return { ...model, graph, sizes: analysis.kind === 'sizes' ? analysis.sizes : model.sizes };
}

function origin({ file, set }: EmitSource): string {
  const settings = Object.entries(set ?? {}).map(([name, value]) => `${name} = ${value}`);
  const given = settings.length === 0 ? '' : ` with ${settings.join(', ')}`;
  const line = `${textTargets.ts.firstWords}${file}${given}; edits are lost.`;
  return printableLine(line.replace(/\s+/g, ' '));
}

function writeModel(
  writer: Writer,
  { graph, sizes, recipe }: EmittedModel,
  parts: ModuleParts,
  model: NamedModel,
): void {
  const facts = `${describeImages(graph, sizes)} ${countText(graph)} parameters.`;
  const isChecked = needsSizeCheck(sizes);
  const hint = `Call ${model.check} before the model sees an image: at other sizes its layers fail in words of TensorFlow.js.`;
  writeOptions(writer, model);
  writer
    .gap()
    .doc([graph.doc ?? '', facts, ...(isChecked ? [hint] : []), ...describeParameters(model)]);
  writeModelFunction(writer, model, parts, graph, sizes);
  if (isChecked) writeSizeCheck(writer, model.check, graph.model, sizes);
  if (recipe !== undefined) {
    const remark = model.parameters.length === 0 ? [] : ['As built with the default options.'];
    writeFacts(writer, model.facts, { graph, sizes, recipe }, remark);
  }
}

/** The type of what a caller may choose; nothing where there is nothing to choose. */
function writeOptions(writer: Writer, { build, options, parameters }: NamedModel): void {
  if (parameters.length === 0) return;
  writer.gap().doc([`Options of ${build}.`]);
  const fields = parameters.map(({ name }) => `${name}?: number;`);
  writer.line(`export interface ${options} {`);
  for (const field of fields) writer.line(field);
  writer.line('}');
}

/** What other values of parameters change, and which parameters are no options. */
function describeParameters({ parameters, fixed }: NamedModel): readonly string[] {
  const open =
    parameters.length === 0
      ? []
      : [
          'Numbers of channels and of parameters are those of the defaults; sizes are the same for all options.',
        ];
  const list = fixed.map(({ name, value }) => `${name} = ${valueText(value)}`);
  const their = list.length === 1 ? 'its value' : 'their values';
  const closed =
    list.length === 0
      ? []
      : [
          `Fixed by ${their} here, for others may mean other layers or sizes, or fit no network: ${list.join(', ')}.`,
        ];
  return [[...open, ...closed].join(' ')];
}

const valueText = (value: ArgumentValue): string =>
  Array.isArray(value) ? `[${value.map(valueText).join(', ')}]` : String(value);

/** What a program must know to feed the model and to read its outputs; sizes are checked by a function. */
function writeFacts(
  writer: Writer,
  name: string,
  described: DescribedModel,
  remark: readonly string[],
): void {
  const { model, scaling, outputs, heads, classes } = describeModel(described);
  const { text, ...numbers } = scaling;
  const facts = { scaling: numbers, outputs, heads, ...(classes && { classes }) };
  writer.gap().doc([`How ${model} sees images, and what its outputs mean.`, text, ...remark]);
  writer.line(`export const ${name} = ${jsonText(facts, 0)} as const;`);
}

/** `31,030,658`: all weights, running statistics counted, as Keras does. */
function countText(graph: Graph): string {
  const count = graphWeights(graph).reduce(
    (sum, { shape }) => sum + shape.reduce((size, axis) => size * axis, 1),
    0,
  );
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

function writeLayers(writer: Writer, parts: ModuleParts): void {
  const { channelsOf, makeDivisible, checkOption } = parts;
  const layers = new Writer();
  for (const { plan, name } of parts.layers.values()) {
    writeLayerFunction(layers, plan, { function: name, channelsOf });
  }
  for (const { plan, name } of parts.makers.values()) {
    writeLayerMaker(layers, plan, { function: name, channelsOf });
  }
  writer.gap().line(layers.toString());
  const text = writer.toString();
  if (text.includes(`${channelsOf}(`)) {
    writer.gap().line(`function ${channelsOf}(x: Tensor): number {`);
    writer.line('return x.shape[3]!;').line('}');
  }
  const options = parts.models.flatMap(({ parameters }) => parameters);
  if (options.length > 0) writeOptionCheck(writer, checkOption, options);
  if (!text.includes(`${makeDivisible}(`)) return;
  writer
    .gap()
    .doc(['The multiple of a divisor nearest to a width, at most a tenth below it (MobileNet).'])
    .line(`function ${makeDivisible}(value: number, divisor: number): number {`)
    .line(
      'const nearest = Math.max(divisor, Math.floor((value + divisor / 2) / divisor) * divisor);',
    )
    .line('return nearest < 0.9 * value ? nearest + divisor : nearest;')
    .line('}');
}

/** The layers that TensorFlow.js lacks, in alphabetical order. */
function customLayersOf(models: readonly EmittedModel[]): readonly CustomLayer[] {
  const found = new Set<CustomLayer>();
  for (const { graph } of models) {
    for (const { layer } of graph.nodes.flatMap(layersOf)) {
      if (layer.kind === 'custom') found.add(layer.className);
    }
  }
  return [...found].sort();
}
