import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodePng } from '../../src/runtime/data/image-files.js';
import { generateDemo } from '../../src/runtime/demo/generate-demo.js';
import { smallSpec } from '../runtime/training/support.js';
import { openProgram, type BuiltProgram } from './built-program.js';
import { callCli, type CliResult } from './run-cli.js';

let folder: string;
const at = (name: string): string => join(folder, name);
const call = (...words: string[]): Promise<CliResult> => callCli(words, { folder });
const train = (out: string, ...words: string[]): Promise<CliResult> =>
  call('train', 'small.unet', '--data', 'data', '--out', out, ...words);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'unetc-train-'));
  writeFileSync(at('small.unet'), smallSpec);
  await generateDemo(at('data'), { seed: 1, train: 4, val: 2, size: 32 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('trains, measures and paints', async () => {
  const trained = await train('run');
  expect(trained.code).toBe(0);
  expect(trained.stdout).toMatch(/^best: dice 0\.\d{4} in epoch [12]\n$/);
  expect(trained.stderr).toMatch(/^train: 4 pairs of 32 x 32 pixels; .*\n {2}classes: /m);
  expect(trained.stderr).toMatch(/epoch 2\/2 {2}loss \d\.\d{4} {2}validation .* images\/s/);

  const measured = await call('eval', 'run', '--data', 'data', '--json');
  expect(measured.code).toBe(0);
  expect(JSON.parse(measured.stdout)).toMatchObject({
    checkpoint: 'best',
    metrics: { dice: { classes: [expect.any(Number), expect.any(Number)] } },
    images: [{ name: 'cells-001', sizes: 'took 32 x 32 as it is' }, { name: 'cells-002' }],
  });
  const flat = await call('eval', 'run', '--data', 'data/val');
  expect(flat.stdout).toMatch(/^image +loss +dice +iou\ncells-001 /);
  expect(flat.stdout).toContain('class 0 (background)');

  const painted = await call('predict', 'run', 'data/val/images', '--out', 'painted');
  expect(painted.code).toBe(0);
  expect(painted.stdout).toMatch(/^painted\/cells-001\.mask\.png: [\d.]+ % class 1; took 32/);
  expect(readdirSync(at('painted'))).toHaveLength(6);

  // What training warns of is told of the images of a call, once for each kind.
  mkdirSync(at('odd'));
  const grey = (data: readonly number[]) =>
    encodePng({ width: 4, height: 1, channels: 2, depth: 8, data: Uint8Array.from(data) });
  writeFileSync(at('odd/a.png'), await grey([9, 255, 9, 255, 20, 0, 9, 255]));
  writeFileSync(at('odd/b.png'), await grey([9, 255, 9, 255, 20, 0, 9, 255]));
  const odd = await call('predict', 'run', 'odd', '--out', 'painted');
  expect(odd.code).toBe(0);
  expect(odd.stderr).toContain('UNET6018: 2 images such as');
  expect(odd.stderr.match(/UNET6063/g)).toHaveLength(1);
});

test('goes on with more epochs, and only with the same settings', async () => {
  cpSync(at('run'), at('longer'), { recursive: true });
  const complete = await train('longer', '--resume');
  // What starts a killed run again must end at a run that was killed after its end.
  expect(complete.code).toBe(0);
  expect(complete.stderr).toContain('warning UNET6118');
  const other = await train(
    'longer',
    '--resume',
    '--epochs',
    '3',
    '--batch',
    '3',
    '--set',
    'base=8',
  );
  expect(other.code).toBe(1);
  expect(other.stderr.match(/UNET6107/g)).toHaveLength(2);
  const longer = await train('longer', '--resume', '--epochs', '3');
  expect(longer.code).toBe(0);
  expect(longer.stderr).toContain('going on after step 4');
});

describe('what a call cannot mean', () => {
  test.each<[string, readonly string[], number, string]>([
    ['no data', ['train', 'small.unet', '--out', 'x'], 2, 'UNET7018'],
    ['no spec there', ['train', 'smal.unet', '--data', 'data', '--out', 'x'], 1, 'UNET7001'],
    ['no data there', ['train', 'small.unet', '--data', 'dat', '--out', 'x'], 1, 'UNET6001'],
    [
      'a run folder in use',
      ['train', 'small.unet', '--data', 'data', '--out', 'run'],
      1,
      'UNET6100',
    ],
    ['a folder in use', ['train', 'small.unet', '--data', 'data', '--out', '.'], 1, 'UNET6100'],
    [
      'a file as run',
      ['train', 'small.unet', '--data', 'data', '--out', 'small.unet'],
      1,
      'UNET6106',
    ],
    [
      'nothing to resume',
      ['train', 'small.unet', '--data', 'data', '--out', 'x', '--resume'],
      1,
      'UNET6101',
    ],
    [
      'an engine not installed',
      ['train', 'small.unet', '--data', 'data', '--out', 'x', '--engine', 'tfjs-node-gpu'],
      1,
      'UNET6113',
    ],
    [
      'an unknown engine',
      ['train', 'small.unet', '--data', 'data', '--out', 'x', '--engine', 'gpu'],
      2,
      'UNET7013',
    ],
    [
      'no epochs',
      ['train', 'small.unet', '--data', 'data', '--out', 'x', '--epochs', '0'],
      2,
      'UNET7013',
    ],
    [
      'an unknown parameter',
      ['train', 'small.unet', '--data', 'data', '--out', 'x', '--set', 'bas=2'],
      1,
      'UNET2',
    ],
    [
      'a device as data',
      ['train', 'small.unet', '--data', '/dev/null', '--out', 'x'],
      1,
      'It is a device or a pipe; expected a folder.',
    ],
    ['a device as run', ['eval', '/dev/null', '--data', 'data'], 1, 'UNET6101'],
    ['no run', ['eval', 'data', '--data', 'data'], 1, 'UNET6101'],
    ['no image', ['predict', 'run', 'nothing.png', '--out', 'x'], 1, 'UNET6007'],
    ['a spec as image', ['predict', 'run', 'small.unet', '--out', 'x'], 1, 'UNET6010'],
    [
      'two images of one name',
      ['predict', 'run', 'data/val/images', 'data/train/images', '--out', 'x'],
      1,
      'UNET6117',
    ],
  ])('%s', async (_title, words, code, message) => {
    const result = await call(...words);
    expect(result.stderr).toContain(message);
    expect(result.code).toBe(code);
    expect(result.stderr).not.toMatch(/\n +at /);
    expect(existsSync(at('x'))).toBe(false);
  });

  test('several models', async () => {
    writeFileSync(at('two.unet'), `${smallSpec}\n${smallSpec.replaceAll('Small', 'Other')}`);
    const words = ['train', 'two.unet', '--data', 'data', '--out'];
    const vague = await call(...words, 'x');
    expect(vague.stderr).toContain('UNET6108');
    const wrong = await call(...words, 'x', '--model', 'Smal');
    expect(wrong.stderr).toContain('Did you mean "Small"?');
    expect((await call(...words, 'two', '--model', 'Other', '--epochs', '1')).code).toBe(0);
  });
});

describe('data with faults', () => {
  async function spoilt(
    name: string,
    spoil: (data: string) => Promise<void> | void,
  ): Promise<CliResult> {
    cpSync(at('data'), at(name), { recursive: true });
    await spoil(at(name));
    const result = await call('train', 'small.unet', '--data', name, '--out', 'x');
    expect(result.code).toBe(1);
    expect(existsSync(at('x'))).toBe(false);
    return result;
  }
  const grey = (width: number, height: number, level: number): Promise<Buffer> => {
    const data = new Uint8Array(width * height);
    data[0] = level;
    return encodePng({ width, height, channels: 1, depth: 8, data });
  };

  test('all of them are told, each with its file', async () => {
    const { stderr } = await spoilt('faulty', async (data) => {
      writeFileSync(join(data, 'train/images/cells-001.png'), 'no image');
      writeFileSync(join(data, 'train/masks/cells-002.png'), await grey(16, 16, 255));
      rmSync(join(data, 'val/masks/cells-001.png'));
    });
    expect(stderr).toContain('faulty/train/images/cells-001.png - error UNET6010');
    expect(stderr).toContain('faulty/train/masks/cells-002.png - error UNET6020');
    expect(stderr).toContain('faulty/val/images/cells-001.png - error UNET6003');
    expect(stderr).toContain('3 errors');
  });

  test('a folder without masks', async () => {
    const { stderr } = await spoilt('maskless', (data) => {
      rmSync(join(data, 'train/masks'), { recursive: true });
    });
    expect(stderr).toContain('maskless/train/masks');
  });

  test('class indices above those of the head', async () => {
    const three = smallSpec.replace('conv(1, 1) -> sigmoid', 'conv(3, 1)');
    writeFileSync(at('three.unet'), three.replace('bce', 'cross_entropy'));
    mkdirSync(at('indexed'), { recursive: true });
    cpSync(at('data'), at('indexed'), { recursive: true });
    for (const split of ['train', 'val']) {
      for (const name of readdirSync(at(`indexed/${split}/masks`))) {
        writeFileSync(at(`indexed/${split}/masks/${name}`), await grey(32, 32, 3));
      }
    }
    const result = await call('train', 'three.unet', '--data', 'indexed', '--out', 'x');
    expect(result.code).toBe(1);
    expect(result.stderr).toContain('UNET6021');
    expect(result.stderr).toContain('expected class indices from 0 to 2');
  });

  test.each([
    ['33', 'UNET6040: The size 33 of "--tile" is not a legal input size'],
    ['16,16', 'UNET6042: The overlap 16 leaves no step between tiles'],
  ])('tiles of --tile %s', async (tile, message) => {
    for (const words of [
      ['predict', 'run', 'data/val/images', '--out', 'tiles'],
      ['eval', 'run', '--data', 'data'],
    ]) {
      const result = await call(...words, '--tile', tile);
      expect(result.code).toBe(2);
      expect(result.stderr).toContain(message);
      expect(result.stderr.match(/UNET\d+/g)).toHaveLength(1);
      expect(result.stderr).not.toContain('.png');
    }
    expect(existsSync(at('tiles'))).toBe(false);
  });

  test('images that no legal size covers', async () => {
    const fixed = smallSpec.replace('[H, W, 1]', '[16, 16, 1]').replace('crop(24)', 'pad');
    writeFileSync(at('fixed.unet'), fixed);
    const result = await call('train', 'fixed.unet', '--data', 'data', '--out', 'x');
    expect(result.code).toBe(1);
    expect(result.stderr).toContain('UNET6041');
  });
});

test('a checkpoint cut short', async () => {
  cpSync(at('run'), at('cut'), { recursive: true });
  const weights = readdirSync(at('cut/best')).find((name) => name.startsWith('weights'))!;
  const bytes = readFileSync(at(`cut/best/${weights}`));
  writeFileSync(at(`cut/best/${weights}`), bytes.subarray(0, 100));
  const result = await call('predict', 'cut', 'data/val', '--out', 'x');
  expect(result.code).toBe(1);
  expect(result.stderr).toContain(`cut/best/${weights} - error UNET6103`);
  expect(result.stderr).toContain('--checkpoint');
  expect(existsSync(at('x'))).toBe(false);
});

describe('the built program', () => {
  let program: BuiltProgram;
  beforeAll(() => {
    program = openProgram('train');
  });
  afterAll(() => program.remove());

  test('trains without a word that is not ours', () => {
    const words = ['train', at('small.unet'), '--data', at('data'), '--out', at('built')];
    const { stderr, stdout, code } = program.run([...words, '--epochs', '1']);
    expect(code).toBe(0);
    expect(stderr).not.toMatch(/warning/i);
    expect(stdout).toMatch(/^best: /);
  });

  test('predict that is told to end between tiles leaves no file', async () => {
    const data = new Uint8Array(600 * 600);
    const image = { width: 600, height: 600, channels: 1, depth: 8, data } as const;
    writeFileSync(at('large.png'), await encodePng(image));
    const words = ['predict', at('run'), at('large.png'), '--out', at('ended'), '--tile', '32'];
    const child = program.start(words);
    const names = (): readonly string[] =>
      existsSync(at('ended')) ? readdirSync(at('ended')) : [];
    const looking = setInterval(() => {
      if (names().some((name) => name.endsWith('.tmp'))) child.kill('SIGTERM');
    }, 1);
    const code = await new Promise((done) => child.on('exit', done));
    clearInterval(looking);
    expect(code).toBe(143);
    expect(names()).toEqual([]);
  });

  test('Ctrl-C: the step is finished, a checkpoint written, 130; then it resumes', async () => {
    copyFileSync(at('small.unet'), at('long.unet'));
    const words = ['train', at('long.unet'), '--data', at('data'), '--out', at('interrupted')];
    const child = program.start([...words, '--epochs', '1000']);
    let stderr = '';
    child.stderr!.on('data', (chunk: Buffer) => {
      const before = stderr;
      stderr += chunk.toString();
      if (!before.includes('epoch 2/') && stderr.includes('epoch 2/')) child.kill('SIGINT');
    });
    expect(await new Promise((done) => child.on('exit', done))).toBe(130);
    expect(stderr).toMatch(/stopped in epoch \d+, after step \d+/);
    expect(readdirSync(at('interrupted/last')).every((name) => !name.endsWith('.tmp'))).toBe(true);
    const [, epoch] = /stopped in epoch (\d+)/.exec(stderr)!;
    const resumed = program.run([...words, '--epochs', String(Number(epoch) + 1), '--resume']);
    expect(resumed.code).toBe(0);
    expect(resumed.stderr).toContain('going on after step');
  });
});
