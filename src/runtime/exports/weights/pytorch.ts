import { bytesOf, type NamedTensor } from './named-tensor.js';
import { zipFile } from './zip.js';

/** What PyTorch's own archives are aligned to. */
const alignment = 64;

/**
 * A file as `torch.save` writes it of a dict of tensors, in pieces that lie behind each other:
 * an archive with a pickle of the names and shapes, and the numbers of each tensor in a file of
 * its own. `torch.load(..., weights_only=True)` reads it. Throws `ZipTooLarge`.
 */
export function pytorchFile(tensors: readonly NamedTensor[]): readonly Uint8Array[] {
  const text = (name: string, content: string) => ({
    name: `archive/${name}`,
    content: [Buffer.from(content)],
  });
  const members = [
    { name: 'archive/data.pkl', content: [pickled(tensors)] },
    text('byteorder', 'little'),
    ...tensors.map((tensor, at) => ({ name: `archive/data/${at}`, content: [bytesOf(tensor)] })),
    text('version', '3\n'),
  ];
  return zipFile(members, alignment);
}

/** The pickle, of protocol 2, of a dict that has the tensors by their names, in their order. */
function pickled(tensors: readonly NamedTensor[]): Buffer {
  return Buffer.concat([
    Buffer.from([0x80, 2]),
    ascii('}('),
    ...tensors.flatMap(({ name, shape, values }, at) => [
      pickledText(name),
      ...[ascii(`c${rebuild}(`)],
      // What stands for the numbers: a storage by its key, and how many there are.
      ...[ascii('('), pickledText('storage'), ascii('ctorch\nFloatStorage\n')],
      ...[pickledText(String(at)), pickledText('cpu'), pickledCount(values.length), ascii('tQ')],
      // From the first one on, the shape, and how far apart neighbours along each axis lie.
      ...[pickledCount(0), pickledTuple(shape), pickledTuple(stridesOf(shape))],
      // No gradient is asked for, and there are no hooks.
      ...[Buffer.from([0x89]), ascii('ccollections\nOrderedDict\n)RtR')],
    ]),
    ascii('u.'),
  ]);
}

const rebuild = 'torch._utils\n_rebuild_tensor_v2\n';

const ascii = (text: string): Buffer => Buffer.from(text, 'latin1');

function pickledText(text: string): Buffer {
  const bytes = Buffer.from(text);
  const head = Buffer.alloc(5, 'X');
  head.writeUInt32LE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}

function pickledCount(value: number): Buffer {
  const bytes = Buffer.alloc(5, 'J');
  bytes.writeInt32LE(value, 1);
  return bytes;
}

const pickledTuple = (items: readonly number[]): Buffer =>
  Buffer.concat([ascii('('), ...items.map(pickledCount), ascii('t')]);

function stridesOf(shape: readonly number[]): readonly number[] {
  const strides: number[] = [];
  let step = 1;
  for (const length of [...shape].reverse()) {
    strides.unshift(step);
    step *= length;
  }
  return strides;
}
