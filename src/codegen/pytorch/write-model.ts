import { activationOf, type HeadActivation } from '../../ir/head-activation.js';
import { outputsOf } from '../../ir/graph-heads.js';
import type { Graph, GraphHead } from '../../ir/graph.js';
import type { TrainRecipe } from '../../ir/recipe.js';
import type { SizeAnalysis } from '../../ir/sizes/sizes.js';
import { Names } from '../program/names.js';
import { docstring } from '../python/docstring.js';
import type { FileParts, NamedModel } from './file-parts.js';
import { frozenPaths } from '../frozen.js';
import { printFormula } from '../python/formulas.js';
import { snakeCase } from '../python/names.js';
import { isAttribute, localNames } from './identifiers.js';
import { layOut } from '../python/layout.js';
import type { ModuleStep } from './module.js';
import { needsSizeCheck } from '../python/size-check.js';
import { channelsFirst } from './shapes.js';
import type { ClassWriter } from './write-class.js';

/** A model to write, with what is known beside its steps. */
export interface WrittenModel {
  readonly named: NamedModel;
  readonly graph: Graph;
  readonly sizes: SizeAnalysis;
  readonly recipe: TrainRecipe | undefined;
  /** Paragraphs of its documentation. */
  readonly doc: readonly string[];
}

/** The fields of a named tuple, by the names of what they hold. */
export function fieldNames(wanted: readonly string[]): readonly string[] {
  const names = new Names((name) => isAttribute(name, false) && !['count', 'index'].includes(name));
  return wanted.map((name) =>
    names.claim(/^[A-Za-z]/.test(name) ? name : snakeCase(name).replace(/^_+/, 'output_'), '_'),
  );
}

/** The named tuples of a model's outputs and predictions; nothing where there is one of each. */
export function outputTuples({ named, graph }: WrittenModel): readonly (readonly string[])[] {
  const outputs = named.of.outputs;
  const tuple = (name: string, doc: string, fields: readonly string[]): readonly string[] => [
    `class ${name}(NamedTuple):`,
    `    """${doc}"""`,
    '',
    ...fields.map((field) => `    ${field}: Tensor`),
  ];
  const all: (readonly string[])[] = [];
  if (outputs.length > 1) {
    const fields = fieldNames(outputs.map(({ output }) => output.name));
    all.push(tuple(named.outputs, `What ${named.called} gives.`, fields));
  }
  if (graph.heads.length > 1) {
    const fields = fieldNames(graph.heads.map(({ name }) => name));
    all.push(tuple(named.predictions, `What ${named.called} predicts.`, fields));
  }
  return all;
}

/** The class of a model: its modules, `forward`, `predict`. */
export function writeModelClass(
  model: WrittenModel,
  parts: FileParts,
  writer: ClassWriter,
): readonly string[] {
  const { named, sizes, graph } = model;
  const frozen = frozenPaths(graph).map((path) => path.replaceAll('/', '.'));
  return [
    `class ${named.called}(nn.Module):`,
    ...docstring(4, model.doc),
    '',
    ...constructorLines(model, parts, writer, frozen.length > 0),
    '',
    ...forwardLines(model, parts, writer),
    '',
    ...predictLines(model, needsSizeCheck(sizes)),
    ...frozenLines(named.called, frozen),
  ];
}

function constructorLines(
  { named }: WrittenModel,
  parts: FileParts,
  writer: ClassWriter,
  hasFrozen: boolean,
): readonly string[] {
  const { formulas } = writer.scopeOf(named);
  const { parameters } = named.of.model;
  const defaults: string[] = [];
  const words = parameters.map(({ name, default: standard }) => {
    const type = named.reals.has(name) ? 'float' : 'int';
    const called = formulas.nameOf(name);
    if (standard.kind === 'number') {
      return `${called}: ${type} = ${printFormula(standard, formulas)}`;
    }
    const value = writer.printAs(named, name, standard);
    defaults.push(`        if ${called} is None:`, ...layOut(12, `${called} = ${value}`));
    return `${called}: ${type} | None = None`;
  });
  const { lines } = writer.constructorOf(named);
  const [start = '        super().__init__()', ...rest] = lines;
  return [
    ...layOut(4, `def __init__(${['self', ...words].join(', ')}) -> None:`),
    start,
    ...defaults,
    ...rest,
    ...(parts.initializers.size === 1 ? [`        self.apply(${parts.initWeights})`] : []),
    ...(hasFrozen
      ? [
          '        for module in self._frozen():',
          '            module.requires_grad_(False)',
          '        self.train()',
        ]
      : []),
  ];
}

function forwardLines(
  { named, graph, sizes }: WrittenModel,
  parts: FileParts,
  writer: ClassWriter,
): readonly string[] {
  const { outputs } = named.of;
  const names = localNames(parts.names);
  names.claim('self', '_');
  const inputs = graph.inputs.map(({ name }) => names.claim(name, '_in'));
  const words = ['self', ...inputs.map((name) => `${name}: Tensor`)].join(', ');
  const isOne = outputs.length === 1;
  const fields = fieldNames(outputs.map(({ output }) => output.name));
  const remark = (step: ModuleStep): string => {
    const isOfSpec = /^\w+$/.test(step.suffix) && step.nodes.length === 1;
    if (!isOfSpec) return '';
    const [node] = step.nodes;
    return channelsFirst(graph, sizes, node!);
  };
  return [
    ...layOut(4, `def forward(${words}) -> ${isOne ? 'Tensor' : named.outputs}:`),
    ...writer.writeBody(named, {
      names,
      inputs,
      specName: (step) => (/^\w+$/.test(step.suffix) ? step.suffix : undefined),
      remark,
      partOf: (step) => graph.nodes[step.nodes[0]!]!.tensor.madeBy.kind,
      result: (variables) =>
        isOne
          ? variables[0]!
          : `${named.outputs}(${fields.map((field, at) => `${field}=${variables[at]!}`).join(', ')})`,
    }),
  ];
}

function predictLines(
  { named, graph, recipe }: WrittenModel,
  isChecked: boolean,
): readonly string[] {
  const { outputs } = named.of;
  const { heads } = graph;
  const isOne = heads.length === 1;
  const fields = fieldNames(outputs.map(({ output }) => output.name));
  const given = new Map(
    outputs.map(({ output, isLogits }, at) => {
      const text = outputs.length === 1 ? 'outputs' : `outputs.${fields[at]!}`;
      return [output.name, { text, isLogits }];
    }),
  );
  const probabilities = (head: GraphHead): string => {
    const own = outputsOf(graph, head).map((output) => {
      const { text, isLogits } = given.get(output.name)!;
      const channels = graph.nodes[output.node]!.channels;
      const loss = (recipe?.losses[head.name] ?? recipe?.loss)!;
      const activation = activationOf(output, channels, loss);
      return isLogits ? `${text}${calls[activation]}` : text;
    });
    const main = outputsOf(graph, head).findIndex(({ name }) => name === head.name);
    if (head.prediction === 'main' || own.length === 1) return own[Math.max(0, main)]!;
    return `torch.mean(torch.stack([${own.join(', ')}]), 0)`;
  };
  const results = heads.map(probabilities);
  const names = fieldNames(heads.map(({ name }) => name));
  const result = isOne
    ? results[0]!
    : `${named.predictions}(${names.map((name, at) => `${name}=${results[at]!}`).join(', ')})`;
  const doc = 'Probabilities; puts the network into evaluation mode.';
  const type = outputs.length === 1 ? 'Tensor' : named.outputs;
  return [
    '    @torch.inference_mode()',
    `    def predict(self, image: Tensor) -> ${isOne ? 'Tensor' : named.predictions}:`,
    `        """${doc}"""`,
    ...(isChecked ? [`        ${named.check}(image.shape[2], image.shape[3])`] : []),
    `        outputs: ${type} = self.eval()(image)`,
    ...layOut(8, `return ${result}`),
  ];
}

const calls: Readonly<Record<HeadActivation, string>> = {
  sigmoid: '.sigmoid()',
  softmax: '.softmax(1)',
  none: '',
};

function frozenLines(called: string, frozen: readonly string[]): readonly string[] {
  if (frozen.length === 0) return [];
  const list = frozen.map((path) => `self.${path}`).join(', ');
  return [
    '',
    '    def _frozen(self) -> list[nn.Module]:',
    '        """What training leaves as it is."""',
    ...layOut(8, `return [${list}]`),
    '',
    `    def train(self, mode: bool = True) -> "${called}":`,
    '        """Frozen modules run as in prediction, in training too."""',
    '        super().train(mode)',
    '        for module in self._frozen():',
    '            module.eval()',
    '        return self',
  ];
}
