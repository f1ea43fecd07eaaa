import type { Result } from '../../diagnostics/diagnostic.js';
import { describeImages } from '../../ir/sizes/size-text.js';
import { joined } from '../../ir/sizes/legal-text.js';
import { describeModel } from '../model-facts.js';
import { textTargets } from '../text-targets.js';
import { buildProgram } from '../program/program.js';
import { stringText } from '../python/docstring.js';
import { countText, describeParameters, head } from '../python/file-text.js';
import { layOut } from '../python/layout.js';
import { needsSizeCheck, sizeCheck } from '../python/size-check.js';
import type { EmittedModel, EmitSource } from '../typescript/emit.js';
import { planFile, type FileParts, type NamedModel } from './file-parts.js';
import { checkNames, checkVariances } from './layer-names.js';
import { supportSections } from './support.js';
import { kerasTarget } from './target.js';
import { writeFunction, writeModelFunction } from './write-functions.js';
import { writeMaker } from './write-makers.js';

/** An emitted file. */
export interface KerasFile {
  readonly text: string;
  /** The functions that build the models, in their order. */
  readonly builds: readonly string[];
}

/**
 * The models of a spec as one Python file that imports Keras 3 and nothing else beside the
 * standard library: a function that builds each model, one for each block and one for each
 * kind of layer, and the layers that Keras lacks. Names of layers are those of the spec with
 * hyphens for slashes; one that TensorFlow does not take is reported. Laid out as ruff's
 * formatter does by default; equal input gives equal bytes.
 */
export function emitKeras(
  ofSpec: readonly EmittedModel[],
  source: EmitSource,
): Result<KerasFile | undefined> {
  const refused = ofSpec.flatMap(({ graph }) => checkNames(graph));
  if (refused.length > 0) return { value: undefined, diagnostics: refused };
  const program = buildProgram(
    ofSpec.map(({ graph }) => graph),
    kerasTarget,
  );
  // What calls of layers share is known when all are written.
  const before = planFile(program);
  write(before, ofSpec);
  const parts = planFile(program, before);
  const own = write(parts, ofSpec);
  const text = toText([...own, ...supportSections(toText(own), parts)]);
  const value = {
    text: `${head(textTargets.keras.firstWords, source)}\n${importsOf(text)}\n\n\n${text}\n`,
    builds: parts.models.map(({ build }) => build),
  };
  return { value, diagnostics: ofSpec.flatMap(({ graph }) => checkVariances(graph)) };
}

const toText = (sections: readonly (readonly string[])[]): string =>
  sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n\n');

/** The functions of models and blocks. */
function write(parts: FileParts, ofSpec: readonly EmittedModel[]): readonly (readonly string[])[] {
  return [
    ...parts.models.map((model, index) => classNames(model, ofSpec[index]!)),
    ...parts.models.flatMap((model, index) => {
      const { graph, sizes } = ofSpec[index]!;
      const doc = describe(model, ofSpec[index]!);
      return [
        writeModelFunction(model, parts, graph, sizes, doc),
        ...(needsSizeCheck(sizes) ? [sizeCheck(model.check, graph.model, sizes)] : []),
      ];
    }),
    ...[...parts.functions.values()].map((own) =>
      own.of.isMaker ? writeMaker(own, parts) : writeFunction(own, parts),
    ),
  ];
}

/** The names of the classes, where the recipe has some. */
function classNames(
  { classNames: called }: NamedModel,
  { recipe }: EmittedModel,
): readonly string[] {
  if (recipe?.classes === undefined) return [];
  return layOut(0, `${called} = (${recipe.classes.map(stringText).join(', ')},)`);
}

function describe(model: NamedModel, { graph, sizes, recipe }: EmittedModel): readonly string[] {
  const facts = recipe && describeModel({ graph, sizes, recipe });
  const lines = (['sigmoid', 'softmax'] as const).flatMap((activation) => {
    const own = (facts?.outputs ?? []).filter(
      (output) => output.values === 'logits' && output.activation === activation,
    );
    if (own.length === 0) return [];
    const list = joined(
      own.map(({ name }) => `"${name}"`),
      'and',
    );
    return [`${activation} makes probabilities of ${list}`];
  });
  const logits =
    lines.length === 0 ? '' : ` Losses take logits with from_logits=True; ${lines.join(', ')}.`;
  return [
    graph.doc ?? '',
    `${describeImages(graph, sizes)} ${countText(graph)} parameters.${logits}`,
    facts?.scaling.text ?? '',
    describeParameters(model),
  ];
}

/** The imports of what a text uses, in ruff's order. */
function importsOf(text: string): string {
  const used = ['layers', 'ops'].filter((name) => new RegExp(`\\b${name}\\.`).test(text));
  return [
    ...(/\bmath\./.test(text) ? ['import math', ''] : []),
    'import keras',
    ...(used.length === 0 ? [] : [`from keras import ${used.join(', ')}`]),
  ].join('\n');
}
