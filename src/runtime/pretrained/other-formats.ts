import { basename, join } from 'node:path';
import { TensorFileError } from './tensor-file.js';

/** A kind of file that may hold weights and is not read here. */
interface OtherFormat {
  /** Whether a file is of that kind, by its content. */
  matches(file: Content): boolean;
  /** What it is, as the end of a sentence. */
  readonly what: string;
  /** What to do; `file` is how a command may call it, `out` the same without its ending. */
  help(file: string, out: string): readonly string[];
}

/** What is looked at: the bytes, and what of them is text. */
interface Content {
  readonly bytes: Buffer;
  /** The first bytes, one character each. */
  readonly start: string;
  /** Names of the members of a zip archive stand in its last bytes. */
  readonly isZip: boolean;
  readonly end: string;
}

const python = (...statements: readonly string[]): string =>
  `Convert it where it can be opened: python -c "${statements.join('; ')}"`;

const saveTensors = (tensors: string, out: string, kind: 'numpy' | 'torch'): string =>
  `safetensors.${kind}.save_file(${tensors}, '${out}.safetensors')`;

const fromPyTorch = (tensors: string, out: string): readonly string[] => [
  python('import torch, safetensors.torch', saveTensors(tensors, out, 'torch')),
];

const otherFormats: readonly OtherFormat[] = [
  {
    what: 'it is an archive of NumPy',
    matches: ({ isZip, end }) => isZip && end.includes('.npy'),
    help: (file, out) => [
      python(
        'import numpy, safetensors.numpy',
        saveTensors(`dict(numpy.load('${file}'))`, out, 'numpy'),
      ),
    ],
  },
  {
    what: 'it is a program of TorchScript',
    matches: ({ isZip, end }) => isZip && end.includes('constants.pkl'),
    help: (file, out) => fromPyTorch(`torch.jit.load('${file}').state_dict()`, out),
  },
  {
    what: 'it is a Python pickle that PyTorch did not make',
    matches: ({ start }) => /^\u0080[\u0002-\u0005]/.test(start),
    help: () => ['Save its tensors by their names, with safetensors.torch or safetensors.numpy.'],
  },
  {
    what: 'it is a zip archive',
    matches: ({ isZip }) => isZip,
    help: () => ['Unpack it and give the file of weights inside.'],
  },
  {
    what: 'it is an array of NumPy',
    matches: ({ start }) => start.startsWith('\u0093NUMPY'),
    help: () => ['Save all arrays by their names, with safetensors.numpy.save_file.'],
  },
  {
    what: 'it is a model of TensorFlow Lite, whose normalisations are folded into other weights',
    matches: ({ start }) => start.slice(4, 8) === 'TFL3',
    help: () => ['Take the Keras model that it was made from: model.save("model.h5").'],
  },
  {
    what: 'it is a SavedModel of TensorFlow',
    matches: ({ start }) => start.startsWith('\u0008\u0001\u0012'),
    help: () => fromSavedModel('.', 'weights'),
  },
  {
    what: 'it is the table of a TensorFlow checkpoint',
    matches: ({ bytes }) =>
      bytes.subarray(-8).toString('latin1') === 'W\u00fb\u0080\u008b$uG\u00db',
    help: (_file, out) => fromCheckpoint(out),
  },
  {
    what: 'it is a pointer of Git LFS, which stands for the file',
    matches: ({ start }) => start.startsWith('version https://git-lfs'),
    help: () => ['Fetch the file itself: git lfs pull'],
  },
  {
    what: 'it is a web page, probably the one that offers the file',
    matches: ({ start }) => /^\s*<(!doctype|html)/i.test(start),
    help: () => ['Download the file that the page links to.'],
  },
  {
    what: 'it is packed',
    matches: ({ start, bytes }) =>
      start.startsWith('\u001f\u008b') || bytes.subarray(257, 262).toString('latin1') === 'ustar',
    help: () => ['Unpack it and give the file of weights inside.'],
  },
];

const fromSavedModel = (folder: string, out: string): readonly string[] => [
  python(
    'import tensorflow as tf, safetensors.numpy',
    saveTensors(
      `{v.name[:-2]: v.numpy() for v in tf.saved_model.load('${folder}').variables}`,
      out,
      'numpy',
    ),
  ),
];

const fromCheckpoint = (prefix: string): readonly string[] => [
  python(
    'import tensorflow as tf, safetensors.numpy',
    `r = tf.train.load_checkpoint('${prefix}')`,
    saveTensors(
      '{n: r.get_tensor(n) for n, t in r.get_variable_to_dtype_map().items() if t.is_floating}',
      prefix,
      'numpy',
    ),
  ),
];

/** Bytes at the end of an archive that list its members, at most. */
const listLength = 2 ** 16;

/** Why a file is not read, and the command that makes one of it that is. */
export function describeOther(path: string, bytes: Buffer): TensorFileError {
  if (bytes.length === 0) return new TensorFileError('it is empty');
  const start = bytes.subarray(0, 64).toString('latin1');
  const content: Content = {
    ...{ bytes, start, isZip: start.startsWith('PK\u0003\u0004') },
    end: bytes.subarray(-listLength).toString('latin1'),
  };
  const found = otherFormats.find((format) => format.matches(content));
  if (found === undefined) {
    return new TensorFileError(
      'it is of no kind that is known here: neither safetensors, a file of PyTorch, Keras or ONNX, nor a TensorFlow.js layers model',
    );
  }
  const [file, out] = namesOf(path);
  return new TensorFileError(found.what, found.help(file, out));
}

/** Why a folder without a model is not read. */
export function describeOtherFolder(path: string, has: (name: string) => boolean): TensorFileError {
  const [folder, out] = namesOf(path);
  if (has('saved_model.pb')) {
    return new TensorFileError('it is a SavedModel of TensorFlow', fromSavedModel(folder, out));
  }
  if (has('checkpoint')) {
    const help = ['Give the checkpoint itself, the name before ".index".'];
    return new TensorFileError('it is a folder of TensorFlow checkpoints', help);
  }
  if (has(join('last', 'model.json'))) {
    const help = [
      'Give the folder "last" in it: its weights are those of the start, or of where it ended.',
    ];
    return new TensorFileError('it is a run that has no checkpoint "best"', help);
  }
  if (has('run.json')) return new TensorFileError('it is a run that has no checkpoint');
  return new TensorFileError(
    'the folder has no "model.json" or "model.safetensors" in it, and no checkpoint "best"',
  );
}

/** Why a path that leads to nothing is not read: it may be the beginning of a checkpoint's files. */
export function describeMissing(
  path: string,
  has: (path: string) => boolean,
  help: readonly string[],
): TensorFileError {
  if (!has(`${path}.index`)) return new TensorFileError('there is no such file', help);
  return new TensorFileError('it is a checkpoint of TensorFlow', fromCheckpoint(namesOf(path)[0]));
}

/** A file's name for commands, with and without its ending; a word in its place where a shell would read it otherwise. */
function namesOf(path: string): readonly [file: string, out: string] {
  const name = basename(path);
  const file = /^[\w.+-]+$/.test(name) && !name.startsWith('-') ? name : 'FILE';
  return [file, file.replace(/(?<=.)\.[A-Za-z0-9]+$/, '')];
}
