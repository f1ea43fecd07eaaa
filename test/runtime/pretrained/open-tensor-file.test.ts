import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '../../../src/runtime/tensorflow.js';
import { File as Hdf5File, ready, type Group } from 'h5wasm/node';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import { openTensorFile } from '../../../src/runtime/pretrained/open-tensor-file.js';
import { TensorFileError } from '../../../src/runtime/pretrained/tensor-file.js';
import { zipFile } from '../../../src/runtime/exports/weights/zip.js';
import { counted, writeSafetensors } from './support.js';

let folder: string;
const at = (name: string): string => join(folder, name);

beforeAll(async () => {
  await startEngine('cpu');
  await ready;
  folder = mkdtempSync(join(tmpdir(), 'unetc-weights-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Names, shapes and values of a file's tensors. */
async function contentOf(path: string): Promise<Record<string, readonly (readonly number[])[]>> {
  const file = await openTensorFile(path);
  const content = file.tensors.map(
    ({ name, shape, read }) => [name, [[...shape], [...read()]]] as const,
  );
  file.close();
  return Object.fromEntries(content);
}

async function reasonOf(path: string): Promise<TensorFileError> {
  try {
    (await openTensorFile(path)).close();
  } catch (error) {
    if (error instanceof TensorFileError) return error;
    throw error;
  }
  throw new Error('it opened');
}

describe('HDF5', () => {
  const floats = (...values: number[]): Float32Array => Float32Array.from(values);

  /** As Keras 2 writes weights: groups that list their names, in the root or below `model_weights`. */
  function writeKeras2(path: string, below: string | undefined): void {
    const file = new Hdf5File(path, 'w');
    const top = below === undefined ? file : (file.create_group(below) as Group);
    top.create_attribute('layer_names', ['input_1', 'Conv1', 'bn_Conv1']);
    top.create_group('input_1').create_attribute('weight_names', []);
    const conv = top.create_group('Conv1');
    conv.create_attribute('weight_names', ['Conv1/kernel:0']);
    conv
      .create_group('Conv1')
      .create_dataset({ name: 'kernel:0', data: floats(1, 2, 3, 4), shape: [1, 1, 2, 2] });
    const norm = top.create_group('bn_Conv1');
    norm.create_attribute('weight_names', ['bn_Conv1/gamma:0', 'bn_Conv1/moving_mean:0']);
    const inner = norm.create_group('bn_Conv1');
    inner.create_dataset({ name: 'gamma:0', data: floats(5, 6), shape: [2] });
    inner.create_dataset({ name: 'moving_mean:0', data: floats(7, 8), shape: [2] });
    file.close();
  }

  test.each([
    ['weights alone', undefined],
    ['a whole model', 'model_weights'],
  ])('of Keras 2, %s', async (_, below) => {
    const path = at(`keras-2-${below ?? 'weights'}.h5`);
    writeKeras2(path, below);
    expect(await contentOf(path)).toEqual({
      'Conv1/kernel': [
        [1, 1, 2, 2],
        [1, 2, 3, 4],
      ],
      'bn_Conv1/gamma': [[2], [5, 6]],
      'bn_Conv1/moving_mean': [[2], [7, 8]],
    });
  });

  /** As Keras 3 does: numbered layers of each class, newer versions with the layers' names. */
  function writeKeras3(path: string, tellsNames: boolean): void {
    const file = new Hdf5File(path, 'w');
    const layers = file.create_group('layers');
    const add = (layer: string, name: string, values: readonly number[]): void => {
      const vars = layers.create_group(layer).create_group('vars');
      if (tellsNames) vars.create_attribute('name', name);
      values.forEach((value, index) => {
        vars.create_dataset({ name: String(index), data: floats(value), shape: [1] });
      });
    };
    add('conv2d', 'Conv1', [1]);
    add('conv2d_1', 'Conv2', [2, 3]);
    add('batch_normalization', 'bn', [4, 5, 6, 7]);
    add('batch_normalization_1', 'unscaled', [8, 9, 10]);
    file.close();
  }

  test('of Keras 3, with the names of layers', async () => {
    writeKeras3(at('named.weights.h5'), true);
    const content = await contentOf(at('named.weights.h5'));
    expect(Object.keys(content).sort()).toEqual([
      'Conv1/kernel',
      'Conv2/bias',
      'Conv2/kernel',
      'bn/beta',
      'bn/gamma',
      'bn/moving_mean',
      'bn/moving_variance',
      // Without a scale the numbers mean something else: they stay as they are.
      'layers/batch_normalization_1/vars/0',
      'layers/batch_normalization_1/vars/1',
      'layers/batch_normalization_1/vars/2',
    ]);
    expect(content['bn/moving_variance']).toEqual([[1], [7]]);
  });

  test('of Keras 3, by numbers alone', async () => {
    writeKeras3(at('numbered.weights.h5'), false);
    const content = await contentOf(at('numbered.weights.h5'));
    expect(content['layers/conv2d_1/bias']).toEqual([[1], [3]]);
    expect(content['layers/batch_normalization/gamma']).toEqual([[1], [4]]);
  });

  test('of an archive of Keras 3, with the model beside its weights', async () => {
    writeKeras3(at('model.weights.h5'), false);
    const layers = [
      ['Conv2D', 'first'],
      ['BatchNormalization', 'norm'],
      ['Conv2D', 'second'],
    ].map(([className, name]) => ({ class_name: className, config: { name } }));
    const config = { class_name: 'Sequential', config: { layers } };
    const members = [
      { name: 'config.json', content: [Buffer.from(JSON.stringify(config))] },
      { name: 'model.weights.h5', content: [readFileSync(at('model.weights.h5'))] },
    ];
    writeFileSync(at('whole.keras'), Buffer.concat(zipFile(members)));
    const content = await contentOf(at('whole.keras'));
    expect(content['second/bias']).toEqual([[1], [3]]);
    expect(content['norm/gamma']).toEqual([[1], [4]]);
  });

  test('damaged, or with a weight missing that it lists', async () => {
    writeFileSync(at('cut.h5'), Buffer.from('\u0089HDF\r\n\u001a\n and no more', 'latin1'));
    expect((await reasonOf(at('cut.h5'))).reason).toMatch(/damaged or cut short/);
    const file = new Hdf5File(at('lacking.h5'), 'w');
    file.create_attribute('layer_names', ['Conv1']);
    file.create_group('Conv1').create_attribute('weight_names', ['Conv1/kernel:0']);
    file.close();
    expect((await reasonOf(at('lacking.h5'))).reason).toContain('"Conv1/kernel:0" is missing');
  });
});

describe('layers models of TensorFlow.js', () => {
  const write = (name: string, model: object, weights?: Buffer): string => {
    mkdirSync(at(name), { recursive: true });
    writeFileSync(join(at(name), 'model.json'), JSON.stringify(model));
    if (weights !== undefined) writeFileSync(join(at(name), 'weights.bin'), weights);
    return at(name);
  };
  const manifest = (weights: object[], paths = ['weights.bin']): object => ({
    format: 'layers-model',
    modelTopology: {},
    weightsManifest: [{ paths, weights }],
  });

  test('with quantised weights: value = scale * number + minimum', async () => {
    const weights = [
      { name: 'a/kernel', shape: [2], dtype: 'float32' },
      {
        name: 'b/kernel',
        shape: [3],
        dtype: 'float32',
        quantization: { dtype: 'uint8', scale: 0.5, min: -1 },
      },
      {
        name: 'c/kernel',
        shape: [1],
        dtype: 'float32',
        quantization: { dtype: 'float16' },
      },
    ];
    const bytes = Buffer.concat([
      Buffer.from(Float32Array.of(1.5, -2).buffer),
      Buffer.of(0, 2, 255),
      Buffer.from(Uint16Array.of(0xc000).buffer),
    ]);
    expect(await contentOf(write('quantised', manifest(weights), bytes))).toEqual({
      'a/kernel': [[2], [1.5, -2]],
      'b/kernel': [[3], [-1, 0, 126.5]],
      'c/kernel': [[1], [-2]],
    });
    expect(tf.memory().numTensors).toBe(0);
  });

  test('in several files', async () => {
    const model = manifest([{ name: 'a', shape: [2], dtype: 'float32' }], ['1.bin', '2.bin']);
    const path = write('parts', model);
    writeFileSync(join(path, '1.bin'), Buffer.from(Float32Array.of(1).buffer));
    writeFileSync(join(path, '2.bin'), Buffer.from(Float32Array.of(2).buffer));
    expect(await contentOf(join(path, 'model.json'))).toEqual({ a: [[2], [1, 2]] });
  });

  test('broken ones are told', async () => {
    const one = manifest([{ name: 'a', shape: [2], dtype: 'float32' }]);
    expect((await reasonOf(write('short', one, Buffer.alloc(4)))).reason).toMatch(/do not fit/);
    expect((await reasonOf(write('lone', one))).reason).toMatch(/weights\.bin" cannot be read/);
    expect((await reasonOf(write('bare', {}))).reason).toMatch(/no "weightsManifest"/);
    const graph = { format: 'graph-model', modelTopology: { node: [] } };
    expect((await reasonOf(write('graph', graph))).help[0]).toContain('tfjs_layers_model');
  });
});

describe('files of other kinds', () => {
  test.each([
    ['nothing.safetensors', undefined, 'there is no such file'],
    ['empty.h5', '', 'it is empty'],
    ['text.txt', 'weights', 'no kind that is known'],
    ['zip.pth', 'PK\u0003\u0004', 'damaged or cut short'],
    ['pickle.pt', '\u0080\u0002}q', 'Python pickle'],
    ['cut.json', '{ "format": ', 'no JSON'],
    ['page.safetensors', '<!DOCTYPE html><html>', 'web page'],
    ['lfs.safetensors', 'version https://git-lfs.github.com/spec/v1\noid', 'Git LFS'],
    ['net.tflite', '\u001c\u0000\u0000\u0000TFL3', 'TensorFlow Lite'],
    ['net.onnx', '\u0008\u0007\u0012\u0007pytorch', 'ONNX without weights'],
    ['cut.onnx', '\u0008\u0007\u0012\u0009pytorch', 'damaged or cut short'],
    ['saved_model.pb', '\u0008\u0001\u0012', 'SavedModel'],
    ['one.npy', '\u0093NUMPY\u0001', 'NumPy'],
    ['x.ckpt.index', 'data W\u00fb\u0080\u008b$uG\u00db', 'TensorFlow checkpoint'],
    ['x.tar.gz', '\u001f\u008b\u0008', 'packed'],
  ])('%s', async (name, content, reason) => {
    if (content !== undefined) writeFileSync(at(name), Buffer.from(content, 'latin1'));
    expect((await reasonOf(at(name))).reason).toContain(reason);
  });

  test.each([
    ['arrays.npz', { 'a.npy': 'x' }, 'an archive of NumPy', 'numpy.load('],
    ['program.pt', { 'p/data.pkl': '.', 'p/constants.pkl': '.' }, 'TorchScript', 'torch.jit.load('],
    ['other.zip', { 'readme.txt': 'x' }, 'a zip archive', 'Unpack it'],
  ])('%s', async (name, members, reason, help) => {
    const content = Object.entries(members).map(([each, text]) => ({
      name: each,
      content: [Buffer.from(text)],
    }));
    writeFileSync(at(name), Buffer.concat(zipFile(content)));
    const told = await reasonOf(at(name));
    expect(told.reason).toContain(reason);
    expect(told.help[0]).toContain(help);
  });

  test('a folder without a model', async () => {
    mkdirSync(at('folder'));
    expect((await reasonOf(at('folder'))).reason).toContain('no "model.json"');
    // What is expected instead is said of all files alike.
    expect((await reasonOf('/dev/null')).reason).toBe('it is a device');
  });

  test('a command names the file unless a shell would read it otherwise', async () => {
    const program = Buffer.concat(
      zipFile(['p/data.pkl', 'p/constants.pkl'].map((name) => ({ name, content: [] }))),
    );
    writeFileSync(at('last.ckpt'), program);
    expect((await reasonOf(at('last.ckpt'))).help[0]).toContain(
      "torch.jit.load('last.ckpt').state_dict(), 'last.safetensors')",
    );
    writeFileSync(at("it's.pth"), program);
    expect((await reasonOf(at("it's.pth"))).help[0]).toContain("torch.jit.load('FILE'");
  });

  test('folders and beginnings of checkpoints of TensorFlow', async () => {
    mkdirSync(at('saved'));
    writeFileSync(join(at('saved'), 'saved_model.pb'), 'x');
    expect((await reasonOf(at('saved'))).reason).toContain('SavedModel');
    writeFileSync(at('model.ckpt-7.index'), 'x');
    expect((await reasonOf(at('model.ckpt-7'))).reason).toContain('checkpoint of TensorFlow');
  });

  describe('safetensors in parts', () => {
    const part = (number: number): string => at(`big-0000${number}-of-00002.safetensors`);
    const index = (map: object): string => {
      writeFileSync(
        at('big.safetensors.index.json'),
        JSON.stringify({ metadata: {}, weight_map: map }),
      );
      return at('big.safetensors.index.json');
    };
    const names = { a: 'big-00001-of-00002.safetensors', b: 'big-00002-of-00002.safetensors' };

    test('are read as a whole, by the index or by one of them', async () => {
      writeFileSync(part(1), writeSafetensors({ a: counted([1], 3) }));
      writeFileSync(part(2), writeSafetensors({ b: counted([1], 4) }));
      const content = { a: [[1], [3]], b: [[1], [4]] };
      expect(await contentOf(index(names))).toEqual(content);
      expect(await contentOf(part(2))).toEqual(content);
    });

    test('or refused', async () => {
      expect((await reasonOf(index({ ...names, c: names.a }))).reason).toContain('have no "c"');
      expect((await reasonOf(index({ a: '../../etc/passwd' }))).reason).toContain('cannot be read');
      rmSync(part(1));
      const { reason } = await reasonOf(part(2));
      expect(reason).toContain(
        '"big-00001-of-00002.safetensors", one of its 2 parts, cannot be read: there is no',
      );
    });
  });

  test('the name does not decide', async () => {
    writeFileSync(at('renamed.h5'), writeSafetensors({ a: counted([1], 3) }));
    expect(await contentOf(at('renamed.h5'))).toEqual({ a: [[1], [3]] });
  });
});

test('a model that is replaced while it is read is read again', async () => {
  const run = at('replaced');
  mkdirSync(run);
  /** As a training writes its checkpoints: values, `model.json`, and away with the old values. */
  const write = (step: number): void => {
    writeFileSync(join(run, `weights-${step}.bin`), new Uint8Array(Float32Array.of(step).buffer));
    const weights = [{ name: 'a/kernel', shape: [1], dtype: 'float32' }];
    const model = { weightsManifest: [{ paths: [`weights-${step}.bin`], weights }] };
    writeFileSync(join(run, 'next.json'), JSON.stringify(model));
    renameSync(join(run, 'next.json'), join(run, 'model.json'));
    rmSync(join(run, `weights-${step - 1}.bin`), { force: true });
  };
  write(0);
  // One of these moments is between the two readings.
  for (let step = 1; step <= 40; step++) {
    const reading = contentOf(run);
    for (let tick = 0; tick < step % 20; tick++) {
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    write(step);
    const { 'a/kernel': kernel } = await reading;
    expect([step - 1, step]).toContain(kernel![1]![0]);
  }
});
