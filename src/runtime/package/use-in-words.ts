import type { MaskStep, Separation } from '../../ir/post-processing.js';
import type { PackageFacts, PredictionFacts } from './package-facts.js';

/** Which parts a package has that not every one has. */
export interface CardParts {
  /** Whether the network can be said in PyTorch. */
  readonly hasPyTorch: boolean;
  readonly className: string;
  /** The function of `typescript/network.ts` that builds it. */
  readonly buildName: string;
}

/** What is done to masks behind the network, as sentences that follow others; empty where nothing is. */
export function describePost({ post, objects }: PredictionFacts): string {
  if (post.length === 0 && objects === undefined) return '';
  const steps = [...post.map(describeStep), ...(objects ? [describeObjects(objects)] : [])];
  return ` Then unetc, and the page, do this; the other programs here do not: ${steps.join('; ')}.`;
}

function describeStep(step: MaskStep): string {
  switch (step.kind) {
    case 'remove_small':
      return `connected parts with fewer than ${step.pixels} pixels become background`;
    case 'fill_holes':
      return step.pixels === undefined
        ? 'holes are filled'
        : `holes of up to ${step.pixels} pixels are filled`;
    case 'keep_largest':
      return 'of each class the largest part stays';
  }
}

const describeObjects = ({ kind }: Separation): string =>
  `objects are told apart by \`${kind}\`, as \`spec.unet\` says`;

/** How the package is used, with code for each kind of program. */
export function describeUse(facts: PackageFacts, parts: CardParts): readonly string[] {
  const { channels } = facts.input;
  const { image, isSynthetic } = facts.sample;
  return [
    '## In a browser',
    '',
    '```sh',
    'node serve.mjs        # or: python -m http.server --bind 127.0.0.1 8000',
    '```',
    '',
    'and open `http://127.0.0.1:8000/`. The page runs the network on this machine, in WebAssembly; no',
    'image leaves it, and nothing is loaded from elsewhere. It takes images that browsers open, and',
    'arrays of numpy (`.npy`) of the shape [height, width, channels]. For a page of your own, see the',
    'next part: the same lines work in browsers.',
    '',
    '## In Node.js',
    '',
    'With `npm install @tensorflow/tfjs@4.22.0`, in a file with the ending `.mjs` beside this one:',
    '',
    '```js',
    "import * as tf from '@tensorflow/tfjs';",
    "import { legalSizeAtLeast, loadNetwork, predict, toInput } from './tfjs/network.js';",
    '',
    'const model = await loadNetwork();',
    'const [height, width] = legalSizeAtLeast(64, 64);',
    `const pixels = tf.zeros([height, width, ${channels}], 'int32');`,
    `const { ${fieldOf(facts)} } = predict(model, toInput(pixels));`,
    `console.log(${nameOf(facts)}.shape);`,
    '```',
    '',
    `\`typescript/network.ts\` builds the same network for training; \`${parts.buildName}()\` starts with`,
    'fresh weights, and takes those of `tfjs/` by `network.setWeights(trained.getWeights())` where both',
    'have the same layers.',
    '',
    ...(parts.hasPyTorch ? pythonPart(parts) : []),
    '## With ONNX Runtime',
    '',
    'Images go in as `[batch, channels, height, width]`, scaled as said above, in float32.',
    '',
    '```python',
    'import numpy, onnxruntime',
    '',
    'session = onnxruntime.InferenceSession("model.onnx")',
    '```',
    '',
    '## Does it predict alike?',
    '',
    `\`${image}\` is the sample${isSynthetic ? '; a program drew it, so no image of the training is in this package' : ''}. \`sample/probabilities.npy\` holds what unetc`,
    'found, as float32 [height, width, channels]. The page and `predict.py --check` compare theirs.',
    '',
  ];
}

const isName = (text: string): boolean => /^[A-Za-z_$][\w$]*$/.test(text);
const headOf = ({ heads, prediction }: PackageFacts): string =>
  heads.find(({ outputs }) => outputs.includes(prediction.head))?.name ?? prediction.head;
const nameOf = (facts: PackageFacts): string => (isName(headOf(facts)) ? headOf(facts) : 'found');
const fieldOf = (facts: PackageFacts): string => {
  const head = headOf(facts);
  return isName(head) ? head : `${JSON.stringify(head)}: found`;
};

const pythonPart = ({ className }: CardParts): readonly string[] => [
  '## In Python',
  '',
  '```sh',
  'pip install torch numpy pillow safetensors',
  'python python/predict.py --check',
  'python python/predict.py photo.png --out masks',
  '```',
  '',
  `\`python/network.py\` holds the module \`${className}\`, which imports PyTorch alone:`,
  '',
  '```python',
  'from safetensors.torch import load_file',
  '',
  `from network import ${className}`,
  '',
  `network = ${className}()`,
  'network.load_state_dict(load_file("weights.safetensors"))',
  '```',
  '',
];
