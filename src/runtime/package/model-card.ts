import type { Graph } from '../../ir/graph.js';
import { counted } from '../../diagnostics/counted.js';
import { describeSummary } from '../data/describe-summary.js';
import type { SplitSummary } from '../data/summary.js';
import { describeRecipe } from '../report/gather/describe-recipe.js';
import { decimal } from '../report/render/numbers.js';
import type { TrainRecipe } from '../../ir/recipe.js';
import { plainText, table } from './markdown.js';
import type { AxisHalo } from '../../codegen/onnx/halo.js';
import type { PackageFacts } from './package-facts.js';
import { describePost, describeUse, type CardParts } from './use-in-words.js';

/** What a model card says beside the facts. */
export interface CardSources extends CardParts {
  readonly facts: PackageFacts;
  readonly graph: Graph;
  readonly recipe: TrainRecipe;
  /** What the training and validation images held; none where the run does not say. */
  readonly data: readonly SplitSummary[];
}

/** The model card of a package, its `README.md`: for people, in Markdown. */
export function modelCard(sources: CardSources): string {
  const { facts, graph } = sources;
  const about = graph.doc === undefined ? [] : [plainText(graph.doc), ''];
  return [
    `# ${plainText(facts.model)}`,
    '',
    ...about,
    'A network that segments images, trained with unetc and packed for other programs. How well it',
    'does on images unlike those it was trained on is not known: try it on your own first.',
    '',
    '![The network](network.svg)',
    '',
    ...license(facts),
    ...describeFiles(sources),
    ...describeInput(facts),
    ...describeOutput(facts),
    ...describeTraining(sources),
    ...describeMeasured(facts),
    ...describeUse(facts, sources),
  ]
    .join('\n')
    .replace(/\n+$/, '\n');
}

function license({ license: stated }: PackageFacts): readonly string[] {
  const text =
    stated === undefined
      ? 'Not stated. Ask whoever gave you this package before you use it: without a licence nothing is permitted. (`unetc package --license ID` states one.)'
      : `${plainText(stated)}, as stated by the maker of the package. The programs in \`page/\` have their own: see \`page/LICENSES.txt\`.`;
  return ['## Licence', '', text, ''];
}

function describeFiles({ facts, hasPyTorch }: CardSources): readonly string[] {
  const { sample } = facts;
  const rows: readonly (readonly [string, string])[] = [
    ['network.json', 'all that this page says of images, classes and sizes, for programs'],
    ['weights.safetensors', "the weights, by PyTorch's names"],
    ['model.onnx', 'the network with its weights for any ONNX runtime'],
    ['tfjs/', 'the same for TensorFlow.js, with a module that opens it'],
    ['typescript/network.ts', 'the network as source, to train it further in TypeScript'],
    ...(hasPyTorch
      ? ([['python/', 'the network as a PyTorch module, and `predict.py`']] as const)
      : []),
    ['index.html, page/, serve.mjs', 'a page that runs the network in a browser'],
    [
      'sample/',
      sample.isSynthetic
        ? 'an image that a program drew, and what the network gives for it'
        : 'an image, and what the network gives for it',
    ],
    ['spec.unet', 'the network and its recipe in the language of unetc'],
    ['SHA256SUMS', 'checksums: `sha256sum -c SHA256SUMS`'],
  ];
  const cells = rows.map(([path, what]) => [
    path
      .split(', ')
      .map((each) => `\`${each}\``)
      .join(', '),
    what,
  ]);
  return ['## Files', '', ...table(['file', 'holds'], cells)];
}

function describeInput({ input, scaling, halo, prediction }: PackageFacts): readonly string[] {
  const colours =
    input.channels === 3 ? ': red, green, blue' : input.channels === 1 ? ': grey' : '';
  const { sizes } = prediction;
  const made =
    sizes.kind === 'resize'
      ? `unetc resizes images to ${sizes.height} x ${sizes.width} (height x width) and the result back.`
      : sizes.kind === 'tile'
        ? `unetc cuts images into tiles of ${sizes.height} x ${sizes.width} (height x width) that overlap by ${sizes.overlap} pixels.`
        : 'unetc pads images to the next legal size by mirroring them at their edges, half of it on each side, the odd pixel below and right, and cuts the result.';
  const own = halo[prediction.head];
  const reach = (axis: AxisHalo | null | undefined): string =>
    axis === null || axis === undefined
      ? 'without a bound'
      : `${axis.before} before and ${axis.after} behind`;
  return [
    '## Images',
    '',
    `- **Channels**: ${input.channels}${colours}.`,
    `- **Scaling** (\`${plainText(scaling.name)}\`): ${plainText(scaling.text)}`,
    `- **Height**: ${plainText(input.height.text)}. **Width**: ${plainText(input.width.text)}.${input.isSquare ? ' Both are equal.' : ''} ${made}`,
    `- **Halo**, for who cuts tiles: of the input a pixel of the result sees, in rows, ${reach(own?.height)}; in columns, ${reach(own?.width)}.`,
    '',
  ];
}

function describeOutput({ prediction, outputs, heads }: PackageFacts): readonly string[] {
  const { legend, classifiesImages, head } = prediction;
  const { channels, activation } = outputs.find(({ name }) => name === head) ?? outputs[0]!;
  const what = classifiesImages
    ? 'It classifies whole images.'
    : channels === 1
      ? `Each pixel has a probability; above ${prediction.threshold} it is of class 1.`
      : `Each pixel has a probability for each class${activation === 'softmax' ? ', 1 together' : ''}; it is of the likeliest.`;
  const others = heads.filter((each) => !each.outputs.includes(head));
  const further = others.map(({ name }) => `\`${plainText(name)}\``).join(', ');
  const beside =
    further === ''
      ? ''
      : ` Beside it the network gives ${further}, which the programs here leave out.`;
  const rows = legend.map(({ name, colour = '' }, at) => [
    String(at),
    plainText(name),
    colour === '' ? 'none' : `\`${colour}\``,
  ]);
  return [
    '## Classes',
    '',
    `The output is \`${plainText(head)}\`. ${what}${describePost(prediction)}${beside}`,
    '',
    ...table(['class', 'name', 'colour in pictures'], rows),
  ];
}

function describeTraining({ data, facts, recipe }: CardSources): readonly string[] {
  const names = facts.prediction.legend.map(({ name }) => name);
  const held = data.flatMap((summary) => {
    const [first = '', ...others] = describeSummary(summary, names);
    return [`- ${plainText(first)}`, ...others.map((line) => `  - ${plainText(line)}`)];
  });
  // Where the data lay may name people; what is done to masks is said with the classes.
  const settings = describeRecipe(recipe).filter(({ name }) => !saidElsewhere.has(name));
  return [
    '## Data',
    '',
    ...(held.length === 0 ? ['The run does not say what its data held.'] : held),
    '',
    'Where the images come from, and whom or what they show, is for the maker of the package to say.',
    '',
    '## Training',
    '',
    ...table(
      ['setting', 'value'],
      settings.map(({ name, value }) => [plainText(name), plainText(value)]),
    ),
  ];
}

function describeMeasured({ measured, prediction }: PackageFacts): readonly string[] {
  const title = ['## Metrics', ''];
  if (measured === undefined) {
    return [...title, 'Not measured: the validation images were not there when it was packed.', ''];
  }
  const { metrics, images, epoch, loss } = measured;
  const known = Object.entries(metrics);
  const count = Math.max(0, ...known.map(([, { classes }]) => classes.length));
  const heads = Array.from({ length: count }, (_, at) => {
    const from = prediction.legend.length - count;
    return plainText(prediction.legend[at + Math.max(0, from)]?.name ?? `class ${at}`);
  });
  return [
    ...title,
    `Of the weights of epoch ${epoch}, on ${counted(images, 'validation image')} that chose this epoch, so a little too good; loss ${decimal(loss)}.`,
    '',
    ...table(
      ['metric', 'mean', ...heads],
      known.map(([name, { mean, classes }]) => [
        `\`${plainText(name)}\``,
        decimal(mean),
        ...Array.from({ length: count }, (_, at) => decimal(classes[at])),
      ]),
    ),
  ];
}

const saidElsewhere: ReadonlySet<string> = new Set(['data', 'post']);
