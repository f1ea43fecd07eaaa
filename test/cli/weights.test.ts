import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateDemo } from '../../src/runtime/demo/generate-demo.js';
import { namedSpec, torchTensors, writeSafetensors } from '../runtime/pretrained/support.js';
import { callCli, type CliResult } from './run-cli.js';

let root: string;
let folder: string;
const at = (name: string): string => join(folder, name);
const call = (...words: string[]): Promise<CliResult> => callCli(words, { folder });
const train = (spec: string, out: string, ...words: string[]): Promise<CliResult> =>
  call('train', spec, '--data', 'data', '--out', out, ...words);

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'unetc-weights-'));
  folder = join(root, 'project');
  mkdirSync(folder);
  writeFileSync(at('package.json'), '{}');
  writeFileSync(at('tiny.safetensors'), writeSafetensors(torchTensors));
  writeFileSync(join(root, 'outside.safetensors'), writeSafetensors(torchTensors));
  const write = (name: string, fields: string): void =>
    writeFileSync(at(name), namedSpec(fields, 1));
  write('plain.unet', 'adapt_input: repeat');
  write('named.unet', 'adapt_input: sum, weights: "tiny.safetensors"');
  const scaled = namedSpec('adapt_input: sum', 1).replace(
    'encoder tiny() {',
    'encoder tiny() {\n  scaling torch: imagenet\n  scaling keras: unit',
  );
  writeFileSync(at('scaled.unet'), scaled);
  writeFileSync(at('agreed.unet'), scaled.replace('loss: bce', 'loss: bce, scaling: imagenet'));
  writeFileSync(at('no-recipe.unet'), scaled.replace(/^train .*$/m, ''));
  write('gone.unet', 'weights: "gone.safetensors"');
  write('outside.unet', 'weights: "../outside.safetensors"');
  write('linked.unet', 'weights: "link.safetensors"');
  symlinkSync(join(root, 'outside.safetensors'), at('link.safetensors'));
  write('linked-folder.unet', 'weights: "weights/outside.safetensors"');
  symlinkSync(root, at('weights'));
  await generateDemo(at('data'), { seed: 1, train: 2, val: 1, size: 16 });
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

test('train reads the file that the spec names, relative to the spec', async () => {
  const { code, stderr } = await train('named.unet', 'named');
  expect(stderr).toContain(
    "15 weights from tiny.safetensors (safetensors, torch's names, kernels on the image: sum of 3 channels for 1, 2 counters of batches set aside)",
  );
  expect(code).toBe(0);
});

test('--weights takes its place, and what goes on needs it no more', async () => {
  const started = await train('gone.unet', 'gone', '--weights', 'named');
  expect(started.stderr).toContain(
    "24 weights from named (TensorFlow.js layers model, the network's own names)",
  );
  expect(started.code).toBe(0);
  const resumed = await train('gone.unet', 'gone', '--resume', '--epochs', '2');
  expect(resumed.code).toBe(0);
  const predicted = await call('predict', 'gone', 'data/val/images', '--out', 'painted');
  expect(predicted.code).toBe(0);
});

test('the weights of a run go out, and come in again', async () => {
  expect((await train('plain.unet', 'going', '--epochs', '1')).code).toBe(0);
  for (const to of ['safetensors', 'pytorch', 'onnx']) {
    expect(await call('weights', 'going', '--to', to)).toMatchObject({ code: 0 });
  }
  const both = ['--spec', 'plain.unet', '--to', 'tfjs', '-o'];
  await call('weights', 'going.pt', ...both, 'back');
  await call('weights', 'going.onnx', ...both, 'back-onnx');
  await call('weights', 'going', ...both, 'straight');
  const bytes = readFileSync(at('straight/weights.bin'));
  expect(readFileSync(at('back/weights.bin'))).toEqual(bytes);
  expect(readFileSync(at('back-onnx/weights.bin'))).toEqual(bytes);
  const last = await call('weights', 'going', '--to', 'safetensors', '--checkpoint', 'last');
  expect(last).toMatchObject({ code: 0 });
  const inRun = await call('weights', 'going', '--to', 'safetensors', '-o', 'going/run.json');
  expect(inRun.stderr).toContain('it is an input of this command');
  const paint = (out: string, ...words: string[]): Promise<CliResult> =>
    call('predict', 'going', 'data/val/images', '--out', out, ...words);
  await paint('own');
  const painted = await paint('others', '--weights', 'going.pt');
  expect(painted.stderr).toContain('24 weights from going.pt');
  expect(painted.code).toBe(0);
  for (const name of readdirSync(at('own'))) {
    expect(readFileSync(join(at('others'), name))).toEqual(readFileSync(join(at('own'), name)));
  }
  const alone = await paint('alone', '--weights', 'tiny.safetensors');
  expect(alone.stderr).toContain('UNET6202');
  expect(alone.code).toBe(1);
  const judged = await call('eval', 'going', '--data', 'data', '--weights', 'going.onnx', '--json');
  const own = await call('eval', 'going', '--data', 'data', '--json');
  const { checkpoint, step, ...figures } = JSON.parse(own.stdout) as Record<string, unknown>;
  expect({ checkpoint, step }).toEqual({ checkpoint: 'best', step: 1 });
  expect(JSON.parse(judged.stdout)).toEqual({ ...figures, weights: 'going.onnx' });
  const built = await call(
    ...['build', 'plain.unet', '--target', 'onnx', '--weights', 'going.pt', '--out', 'built.onnx'],
  );
  expect(built.stderr).toContain("24 weights from going.pt (PyTorch, the network's own names)");
  const started = await train('plain.unet', 'on', '--weights', 'going.safetensors');
  expect(started.stderr).toContain('24 weights from going.safetensors');
  expect(started.code).toBe(0);
});

describe('a scaling that the weights do not expect', () => {
  const fromTorch = (spec: string, out: string, ...words: string[]): Promise<CliResult> =>
    train(spec, out, '--weights', 'tiny.safetensors', '--epochs', '1', '--partial', ...words);

  test('is told of the family whose names the file has', async () => {
    const { code, stderr } = await fromTorch('scaled.unet', 'scaled');
    expect(stderr).toContain(
      'warning UNET6215: The weights of "tiny.safetensors" expect the scaling "imagenet" (torch); the recipe has "unit".',
    );
    expect(code).toBe(0);
  });

  test('is told of a model file as well, which says how images are to be scaled', async () => {
    const build = (spec: string): Promise<CliResult> =>
      call('build', spec, '--target', 'tfjs', '--out', 'built', '--weights', 'tiny.safetensors');
    const reported = await build('scaled.unet');
    expect(reported.stderr).toContain(
      'UNET6215: The weights of "tiny.safetensors" expect the scaling "imagenet" (torch); the recipe has "unit".',
    );
    expect(reported.code).toBe(0);
    expect((await build('agreed.unet')).stderr).not.toContain('UNET6215');
  });

  test('is told where the spec has no recipe', async () => {
    expect((await fromTorch('no-recipe.unet', 'no-recipe')).stderr).toContain('UNET6215');
  });

  test('is not told where it agrees; of weights of a run, what that was trained with counts', async () => {
    expect((await fromTorch('agreed.unet', 'agreed')).stderr).not.toContain('UNET6215');
    const fromRun = (spec: string, out: string): Promise<CliResult> =>
      train(spec, out, '--weights', 'agreed', '--epochs', '1');
    const same = await fromRun('agreed.unet', 'same');
    expect(same.stderr).toContain("the network's own names");
    expect(same.stderr).not.toContain('UNET6215');
    const other = await fromRun('scaled.unet', 'other');
    expect(other.stderr).toContain(
      'UNET6215: The weights of "agreed" expect the scaling "imagenet"; the recipe has "unit".',
    );
    expect(other.code).toBe(0);
  });
});

describe('weights of a run or of a model know what they were trained on', () => {
  const net = (train: string): string => `
model Net {
  input image: [H, W, 1]
  wires {
    c = image -> conv(4, 3) -> relu
  }
  head mask: c -> conv(2, 1)
}
${train}
`;
  const recipe = 'classes: [back, cell], scaling: normalize(0.3, 0.2)';
  const specs = {
    'facts.unet': `train Net { loss: bce, epochs: 1, batch: 2, ${recipe} }`,
    'silent.unet': '',
    'unnamed.unet': `train Net { loss: bce, epochs: 1, scaling: normalize(76.5, 51, white: 255) }`,
    'other.unet':
      'train Net { loss: cross_entropy, epochs: 1, batch: 2, classes: [cell, back], scaling: standard }',
    'ranged.unet': `train Net { loss: bce, epochs: 1, batch: 2, classes: [back, cell], scaling: normalize(0.3, 0.2, range: [0, 4095]) }`,
  };
  const build = (spec: string, weights: string, ...words: string[]): Promise<CliResult> =>
    call('build', spec, '--target', 'tfjs', '--out', 'known', '--weights', weights, ...words);
  interface Facts {
    readonly scaling: { readonly name: string; readonly statistics: unknown };
    readonly classes?: readonly string[];
    readonly outputs: readonly { readonly activation: string }[];
  }
  const factsOf = (folder: string): Facts =>
    (
      JSON.parse(readFileSync(at(`${folder}/model.json`), 'utf8')) as {
        userDefinedMetadata: { network: Facts };
      }
    ).userDefinedMetadata.network;

  beforeAll(async () => {
    for (const [name, train] of Object.entries(specs)) writeFileSync(at(name), net(train));
    expect((await train('facts.unet', 'facts')).code).toBe(0);
  });

  test.each(['facts', 'facts/best', 'facts/last/model.json'])(
    'a spec without a recipe is built as %s says',
    async (weights) => {
      const { code, stderr } = await build('silent.unet', weights);
      expect(stderr).toContain(
        'the scaling "normalize(mean: [0.3], deviation: [0.2])" and the classes "back", "cell" are those of the weights',
      );
      expect(stderr).not.toContain('warning');
      expect(code).toBe(0);
      const { scaling, classes, outputs } = factsOf('known');
      expect(scaling).toEqual(factsOf('facts/best').scaling);
      expect(classes).toEqual(['back', 'cell']);
      expect(outputs).toMatchObject([{ activation: 'sigmoid' }]);
      // The model that was built knows it as well.
      expect((await build('silent.unet', 'known', '--out', 'known-2')).stderr).toContain(
        'the classes "back", "cell" are those of the weights',
      );
      expect(factsOf('known-2')).toEqual(factsOf('known'));
    },
  );

  test('names of classes are taken where a recipe has none, and the same scaling is no other', async () => {
    const { stderr } = await build('unnamed.unet', 'facts');
    expect(stderr).toContain('the classes "back", "cell" are those of the weights');
    expect(stderr).not.toContain('warning');
    expect(factsOf('known').classes).toEqual(['back', 'cell']);
  });

  test('another recipe is told of all that it says otherwise, and counts', async () => {
    const { code, stderr } = await build('other.unet', 'facts');
    expect(stderr).toContain(
      'UNET6215: The weights of "facts" expect the scaling "normalize(mean: [0.3], deviation: [0.2])"; the recipe has "standard".',
    );
    expect(stderr).toContain(
      'UNET6216: The weights of "facts" were trained on the classes "back", "cell"; the recipe has "cell", "back".',
    );
    expect(stderr).toContain(
      'UNET6217: The output "mask" of "facts" was trained with a sigmoid; the loss of the recipe implies a softmax.',
    );
    expect(code).toBe(0);
    expect(factsOf('known')).toMatchObject({
      scaling: { name: 'standard' },
      classes: ['cell', 'back'],
      outputs: [{ activation: 'softmax' }],
    });
  });

  test('training starts from them with other losses, and is told of scaling and classes', async () => {
    const { code, stderr } = await train('other.unet', 'other-run', '--weights', 'facts');
    expect(stderr).toContain('UNET6215');
    expect(stderr).toContain('UNET6216');
    expect(stderr).not.toContain('UNET6217');
    expect(code).toBe(0);
  });

  test('another range is another scaling to a model, and none to training', async () => {
    expect((await build('ranged.unet', 'facts')).stderr).toContain('UNET6215');
    const trained = await train('ranged.unet', 'ranged', '--weights', 'facts');
    expect(trained.stderr).not.toContain('UNET6215');
  });

  test('classes in colours keep their places, too', async () => {
    const coloured = (table: string): string =>
      net(`train Net { loss: bce, epochs: 1, batch: 2, colors: [${table}] }`);
    const [black, white, red] = ['[0, 0, 0]', '[255, 255, 255]', '[255, 0, 0]'];
    writeFileSync(at('coloured.unet'), coloured(`${black}, ${white}`));
    writeFileSync(at('turned.unet'), coloured(`${white}, ${black}`));
    writeFileSync(at('painted.unet'), coloured(`${black}, ${red}`));
    expect((await train('coloured.unet', 'coloured')).code).toBe(0);
    expect((await build('turned.unet', 'coloured')).stderr).toContain(
      'UNET6216: The weights of "coloured" were trained on the classes [0, 0, 0], [255, 255, 255]; the recipe has [255, 255, 255], [0, 0, 0].',
    );
    for (const spec of ['coloured.unet', 'painted.unet']) {
      expect((await build(spec, 'coloured')).stderr).not.toContain('UNET6216');
    }
  });

  test('a head that starts anew knows no classes', async () => {
    const wider = (train: string): string => net(train).replace('conv(2, 1)', 'conv(2, 3)');
    writeFileSync(at('wider.unet'), wider(specs['other.unet'].replace('standard', 'unit')));
    const { stderr } = await build('wider.unet', 'facts', '--partial');
    expect(stderr).toContain('UNET6215');
    expect(stderr).not.toContain('UNET6216');
    writeFileSync(at('wider.unet'), wider(''));
    await build('wider.unet', 'facts', '--partial');
    expect(factsOf('known')).not.toHaveProperty('classes');
    expect(factsOf('known')).toMatchObject({ outputs: [{ activation: 'softmax' }] });
  });

  describe('a spec with weights predicts without a run', () => {
    const paint = (given: string, out: string, ...words: string[]): Promise<CliResult> =>
      call('predict', given, 'data/val/images', '--out', out, ...words);
    const evaluate = async (...words: string[]): Promise<Record<string, unknown>> => {
      const { code, stdout } = await call('eval', ...words, '--data', 'data', '--json');
      expect(code).toBe(0);
      return JSON.parse(stdout) as Record<string, unknown>;
    };
    const expectAlike = (first: string, second: string): void => {
      const names = readdirSync(at(first));
      expect(names).toEqual(readdirSync(at(second)));
      expect(names.length).toBeGreaterThan(0);
      for (const name of names) {
        expect(readFileSync(join(at(first), name))).toEqual(readFileSync(join(at(second), name)));
      }
    };

    beforeAll(async () => {
      await paint('facts', 'by-run');
      for (const [to, file] of Object.entries({
        ...{ safetensors: 'alone.safetensors', pytorch: 'alone.pt', keras: 'alone.h5' },
        ...{ tfjs: 'alone.tfjs', onnx: 'alone.onnx' },
      })) {
        expect((await call('weights', 'facts', '--to', to, '-o', file)).code).toBe(0);
      }
    });

    test.each(['alone.safetensors', 'alone.pt', 'alone.h5', 'alone.tfjs', 'alone.onnx', 'facts'])(
      'by its recipe, with the weights of %s, as the run they are from',
      async (weights) => {
        const { code, stderr } = await paint('facts.unet', `by-${weights}`, '--weights', weights);
        expect(stderr).toContain(`4 weights from ${weights}`);
        expect(stderr).not.toContain('warning');
        expect(code).toBe(0);
        expectAlike(`by-${weights}`, 'by-run');
        const { run: _run, checkpoint: _checkpoint, step: _step, ...own } = await evaluate('facts');
        expect(await evaluate('facts.unet', '--weights', weights)).toEqual({
          ...{ ...own, spec: 'facts.unet', weights },
        });
      },
    );

    test('where it has no recipe, as the file says: scaling, classes and activation', async () => {
      const { code, stderr } = await paint(
        'silent.unet',
        'silent',
        '--weights',
        'alone.safetensors',
      );
      expect(stderr).toContain(
        'the scaling "normalize(mean: [0.3], deviation: [0.2])" and the classes "back", "cell" are those of the weights',
      );
      expect(stderr).not.toContain('warning');
      expect(code).toBe(0);
      expectAlike('silent', 'by-run');
    });

    test('where nobody says how images are scaled, that is an error, and nothing is painted', async () => {
      const { code, stderr } = await paint('silent.unet', 'unknown', '--weights', 'alone.pt');
      expect(stderr).toContain(
        'error UNET6226: The spec has no recipe for "Net", and "alone.pt" does not say how its images were scaled; expected a train section.',
      );
      expect(stderr).toContain('train Net { scaling: unit }');
      expect(code).toBe(1);
      expect(readdirSync(root + '/project')).not.toContain('unknown');
    });

    test('with the parameters and the model of the call', async () => {
      const model = (head: string): string => `model ${head} {
  input image: [H, W, 1]
  wires {
    c = image -> conv(width, 3) -> relu
  }
  head mask: c -> conv(2, 1)
}
`;
      const text = `${model('Other(width = 4)')}${model('Wide(width = 3)')}train Wide { loss: bce, epochs: 1, batch: 2 }`;
      writeFileSync(at('wide.unet'), text);
      const wide = ['--set', 'width=5', '--model', 'Wide'];
      expect((await train('wide.unet', 'chosen', ...wide)).code).toBe(0);
      await call('weights', 'chosen', '--to', 'pytorch', '-o', 'wide.pt');
      expect((await paint('wide.unet', 'w1', ...wide, '--weights', 'wide.pt')).code).toBe(0);
      const unset = await paint('wide.unet', 'w2', '--model', 'Wide', '--weights', 'wide.pt');
      expect(unset.stderr).toContain('UNET6203');
      expect(unset.code).toBe(1);
      const unchosen = await paint('wide.unet', 'w3', '--weights', 'wide.pt');
      expect(unchosen.stderr).toContain('UNET6108');
      expect(unchosen.code).toBe(1);
    });

    test.each([
      ['facts.unet', [], 'UNET7037: "facts.unet" is a file and not the run of a training'],
      ['alone.pt', [], 'UNET7037: "alone.pt" is a file and not the run of a training'],
      [
        'facts.unet',
        ['--weights', 'alone.pt', '--checkpoint', 'last'],
        'UNET7038: "--checkpoint" says nothing of "facts.unet"; it goes with the run of a training.',
      ],
      [
        'facts',
        ['--set', 'width=5', '--model', 'Net'],
        'UNET7038: "--set" says nothing of "facts"; it goes with a spec.',
      ],
      ['facts.unet', ['--weights', 'alone.pt', '--set', 'width'], 'UNET7013'],
    ])('%s %j is wrong usage', async (given, words, told) => {
      for (const command of [
        ['predict', given, 'data/val/images', '--out', 'wrong'],
        ['eval', given, '--data', 'data'],
      ]) {
        const { code, stderr } = await call(...command, ...words);
        expect(stderr).toContain(told);
        expect(code).toBe(2);
      }
    });

    test('an encoder alone, or weights of another network, predict nothing', async () => {
      const alone = await paint('agreed.unet', 'e', '--weights', 'tiny.safetensors');
      expect(alone.stderr).toContain('UNET6202');
      expect(alone.code).toBe(1);
      const other = await paint('agreed.unet', 'e', '--weights', 'alone.safetensors');
      expect(other.stderr).toContain('UNET62');
      expect(other.code).toBe(1);
    });
  });

  test('facts of a model that other hands have changed are unknown', async () => {
    await build('facts.unet', 'facts', '--out', 'changed');
    const file = at('changed/model.json');
    const model = JSON.parse(readFileSync(file, 'utf8')) as {
      userDefinedMetadata: { network: Record<string, unknown> };
    };
    for (const network of [
      { scaling: { name: 'normalize' }, classes: 'all', outputs: 3 },
      { scaling: { name: 'toString', range: [] }, classes: [1, 2], outputs: [null] },
      { scaling: { name: 'unit', range: [3, 1] }, classes: {}, outputs: [{ name: 'mask' }] },
      {
        scaling: { name: 'normalize', statistics: { mean: [0], deviation: [0] } },
        classes: ['one'],
        outputs: {},
      },
    ]) {
      model.userDefinedMetadata.network = network;
      writeFileSync(file, JSON.stringify(model));
      const { code, stderr } = await build('silent.unet', 'changed');
      expect(stderr).not.toContain('those of the weights');
      expect(code).toBe(0);
      expect(factsOf('known').scaling.name).toBe('unit');
    }
  });
});

test('a model file has them, too', async () => {
  const words = ['build', 'named.unet', '--target', 'tfjs', '--out', 'model'];
  expect((await call(...words)).code).toBe(0);
  const { weightsManifest } = JSON.parse(readFileSync(at('model/model.json'), 'utf8')) as {
    weightsManifest: { weights: { name: string; shape: number[] }[] }[];
  };
  let offset = 0;
  for (const { name, shape } of weightsManifest[0]!.weights) {
    if (name === 's2/alpha') break;
    offset += shape.reduce((size, length) => size * length, 4);
  }
  const bytes = readFileSync(at('model/weights.bin'));
  expect(bytes.readFloatLE(offset)).toBe(torchTensors['act.weight']!.values[0]);
});

describe('a run that has no best checkpoint to take weights from', () => {
  const weightsOf = (run: string): Promise<CliResult> =>
    call('build', 'facts.unet', '--target', 'tfjs', '--out', 'partly', '--weights', run);
  beforeEach(() => {
    rmSync(at('partly-run'), { recursive: true, force: true });
    cpSync(at('facts'), at('partly-run'), { recursive: true });
  });

  test('because it ended in its first epoch: the last one is named, and taken', async () => {
    rmSync(at('partly-run/best'), { recursive: true });
    const { code, stderr } = await weightsOf('partly-run');
    expect(stderr).toContain(
      'UNET6200: The weights "partly-run" cannot be read: it is a run that has no checkpoint "best"; ',
    );
    expect(stderr).toContain('help: Give the folder "last" in it');
    expect(code).toBe(1);
    expect((await weightsOf('partly-run/last')).code).toBe(0);
  });

  test('because it ended before its first step', async () => {
    for (const name of ['best', 'last']) rmSync(at(`partly-run/${name}`), { recursive: true });
    expect((await weightsOf('partly-run')).stderr).toContain('it is a run that has no checkpoint;');
  });

  test('because that is damaged', async () => {
    const [weights] = readdirSync(at('partly-run/best')).filter((name) => name.endsWith('.bin'));
    rmSync(at(`partly-run/best/${weights}`));
    expect((await weightsOf('partly-run')).stderr).toContain(
      'help: The run has another checkpoint: give the folder "last" in it.',
    );
    expect((await weightsOf('partly-run/best')).stderr).not.toContain('help:');
  });
});

test('shapes of a run with other parameters: its values are told', async () => {
  const spec = `
model Net(wide: int = 4) {
  input image: [H, W, 1]
  wires {
    c = image -> conv(wide, 3) -> relu
  }
  head mask: c -> conv(1, 1) -> sigmoid
}
train Net { loss: bce, epochs: 1, batch: 2 }
`;
  writeFileSync(at('narrow.unet'), spec);
  expect((await train('narrow.unet', 'wide', '--set', 'wide=8')).code).toBe(0);
  const { stderr } = await train('narrow.unet', 'never', '--weights', 'wide');
  expect(stderr).toContain('UNET6203');
  expect(stderr).toContain('help: It was trained with "--set wide=8".');
});

test('a checkpoint or a model in place of a run is told as what it is', async () => {
  expect((await call('build', 'facts.unet', '--target', 'tfjs', '--out', 'no-run')).code).toBe(0);
  for (const [folder, reported] of [
    ['facts/best', 'It is the checkpoint "best" of the run '],
    ['facts/last', 'It is the checkpoint "last" of the run '],
    ['no-run', 'It is a model for other programs'],
  ] as const) {
    for (const words of [
      ['predict', folder, 'data/val', '--out', 'painted-no'],
      ['eval', folder, '--data', 'data'],
      ['train', 'facts.unet', '--data', 'data', '--out', folder, '--resume'],
    ]) {
      const { code, stderr } = await call(...words);
      expect(stderr).toContain('UNET6101');
      expect(stderr).toContain(`help: ${reported}`);
      expect(code).toBe(1);
    }
  }
});

test('weights are looked at before the data, which take longer', async () => {
  const { stderr } = await train('plain.unet', 'never', '--weights', 'nowhere');
  expect(stderr).toContain('UNET6200');
  expect(stderr).not.toContain('train: ');
});

describe('mistakes end with 1 and leave nothing behind', () => {
  test.each([
    [
      'gone.unet',
      'gone.unet:26:27 - error UNET6200: The weights "gone.safetensors" cannot be read: there is no such file',
    ],
    ['outside.unet', 'UNET3034: The file of weights "../outside.safetensors" lies outside'],
    ['linked.unet', 'UNET3034: The file of weights "link.safetensors" lies outside'],
    ['linked.unet', 'note: A link on the way leads to '],
    [
      'linked-folder.unet',
      'UNET3034: The file of weights "weights/outside.safetensors" lies outside',
    ],
    ['linked-folder.unet', 'note: A link on the way leads to '],
  ])('%s', async (spec, reported) => {
    const { code, stderr } = await train(spec, 'never');
    expect(stderr).toContain(reported);
    expect(code).toBe(1);
    expect(() => readFileSync(at('never/run.json'))).toThrow();
  });

  test.each(['outside.unet', 'linked.unet'])('check tells it of %s, too', async (spec) => {
    const { code, stderr } = await call('check', spec);
    expect(stderr).toMatch(new RegExp(`^${spec}:\\d+:\\d+ - error UNET3034: `));
    expect(code).toBe(1);
  });
});

test('options that contradict each other end with 2', async () => {
  const lone = await train('plain.unet', 'never', '--partial');
  expect([lone.code, lone.stderr]).toEqual([2, expect.stringContaining('UNET7022')]);
  const both = await train('plain.unet', 'gone', '--resume', '--weights', 'tiny.safetensors');
  expect([both.code, both.stderr]).toEqual([2, expect.stringContaining('UNET7017')]);
  const module = await call('build', 'plain.unet', '--weights', 'tiny.safetensors');
  expect([module.code, module.stderr]).toEqual([2, expect.stringContaining('UNET7017')]);
});

test('--partial takes what there is and lists the rest', async () => {
  const { 'act.weight': _, ...rest } = torchTensors;
  writeFileSync(at('part.safetensors'), writeSafetensors(rest));
  const whole = await train('plain.unet', 'part', '--weights', 'part.safetensors');
  expect(whole.code).toBe(1);
  expect(whole.stderr).toContain('UNET6202');
  const part = await train('plain.unet', 'part', '--weights', 'part.safetensors', '--partial');
  expect(part.stderr).toContain('"s2/alpha" (8): looked for as');
  expect(part.code).toBe(0);
});
