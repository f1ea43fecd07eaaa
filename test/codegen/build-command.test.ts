import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandContext } from '../../src/cli/context.js';
import { createOutput, type Output } from '../../src/cli/output.js';
import { runCli } from '../../src/cli/run.js';
import { createNodeHost } from '../../src/host-node.js';
import { createMemoryHost, HostError } from '../../src/host.js';
import { callCli } from '../cli/run-cli.js';
import { brokenSpec, goodSpec, warnedSpec } from '../cli/sample-specs.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'unetc-build-'));
  write('net.unet', goodSpec);
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
const read = (name: string) => readFileSync(join(folder, name), 'utf8');
const files = () => readdirSync(folder).sort();
const build = (words: readonly string[], stdin?: string) =>
  callCli(['build', ...words], { folder, stdin });

describe('where modules go', () => {
  test('beside their specs, written when their bytes change', async () => {
    expect(await build(['net.unet'])).toEqual({ stdout: '', stderr: 'wrote net.ts\n', code: 0 });
    expect(read('net.ts')).toContain('export function buildSmall({');
    const { mtimeMs } = statSync(join(folder, 'net.ts'));
    expect((await build(['net.unet'])).stderr).toBe('unchanged net.ts\n');
    expect(statSync(join(folder, 'net.ts')).mtimeMs).toBe(mtimeMs);
    expect(files()).toEqual(['net.ts', 'net.unet']);
  });

  test('of --target pytorch with names that Python imports', async () => {
    write('my-net.unet', goodSpec);
    const words = ['my-net.unet', '--target', 'pytorch'];
    expect((await build(words)).stderr).toBe('wrote my_net.py\n');
    expect(read('my_net.py')).toMatch(/^# Made by unetc from my-net.unet; edits are lost.\n/);
    expect((await build([...words, '--check'])).stderr).toBe('1 module is fresh\n');
    write('my_net.py', '# Made by unetc from older');
    expect(await build([...words, '--check'])).toMatchObject({
      stderr: 'stale my_net.py: run "unetc build my-net.unet --target pytorch".\n',
      code: 1,
    });
    write('my_net.py', 'print()\n');
    expect((await build(words)).code).toBe(1);
    expect(read('my_net.py')).toBe('print()\n');
  });

  test('of --target pytorch nowhere where a name is none of PyTorch', async () => {
    write(
      'odd.unet',
      'model M { input image: [H, W, 1]\n wires { half = image -> conv(4, 3) }\n head mask: half -> conv(1, 1) }\n',
    );
    const { stderr, code } = await build(['odd.unet', '--target', 'pytorch']);
    expect(stderr).toContain('UNET4015');
    expect(code).toBe(1);
    expect(files()).not.toContain('odd.py');
  });

  test('of --train with the files that train the model, beside it', async () => {
    const words = ['net.unet', '--target', 'pytorch', '--train'];
    expect((await build([...words, '--out', 'made/net.py'])).stderr).toBe(
      'wrote made/net.py\nwrote made/train.py\nwrote made/data.py\n',
    );
    expect(read('made/train.py')).toContain('from net import ');
    const check = [...words, '--out', 'made/net.py', '--check'];
    expect((await build(check)).stderr).toBe('1 module is fresh\n');
    write('made/data.py', '# Made by unetc from older');
    expect(await build(check)).toMatchObject({
      stderr:
        'stale made/data.py: run "unetc build net.unet --target pytorch --train --out made/net.py".\n',
      code: 1,
    });
    write('made/data.py', 'print()\n');
    expect((await build([...words, '--out', 'made/net.py'])).code).toBe(1);
    expect(read('made/data.py')).toBe('print()\n');
    for (const name of ['train.py', 'data.py', 'json.py', 'my-net.py', 'class.py']) {
      const { stderr, code } = await build([...words, '--out', `taken/${name}`]);
      expect([name, stderr.includes('UNET4020'), code]).toEqual([name, true, 1]);
    }
    const bare = await build([...words, '--out', 'taken/nuclei']);
    expect(bare.stderr).toContain('the name of a module ends with ".py"');
    expect(bare.stderr).toContain('"--out nuclei/" is a folder, "--out nuclei.py" a file');
    write('other.unet', goodSpec);
    const two = await build(['net.unet', 'other.unet', ...words.slice(1), '--out', 'two/']);
    expect([two.stderr.includes('UNET4022'), two.code]).toEqual([true, 1]);
    expect(files()).not.toContain('taken');
    for (const more of [['--stdout'], ['--inference'], ['--target', 'ts']]) {
      expect((await build([...words, ...more])).code).toBe(2);
    }
    expect((await build(['-', ...words.slice(1)], goodSpec)).code).toBe(1);
  });

  test('of --train for one of several models, and of --model alone', async () => {
    write(
      'two.unet',
      `${goodSpec}\n${goodSpec.slice(goodSpec.indexOf('model')).replaceAll('Small', 'Other')}`,
    );
    const words = ['two.unet', '--target', 'pytorch', '--out', 'two/net.py'];
    expect((await build([...words, '--train'])).stderr).toContain('UNET6108');
    expect((await build([...words, '--train', '--model', 'Other'])).code).toBe(0);
    expect(read('two/train.py')).toContain('from net import Other');
    expect((await build([...words, '--model', 'Othr'])).stderr).toContain('UNET2016');
    await build(['two.unet', '--model', 'Small']);
    expect(read('two.ts')).toContain('buildSmall');
    expect(read('two.ts')).not.toContain('buildOther');
  });

  test('of --target keras, over no file of --target pytorch', async () => {
    write('my-net.unet', goodSpec);
    const words = ['my-net.unet', '--target', 'keras'];
    expect((await build(words)).stderr).toBe('wrote my_net.py\n');
    expect(read('my_net.py')).toMatch(
      /^# Made by unetc for Keras from my-net.unet; edits are lost./,
    );
    expect((await build([...words, '--check'])).stderr).toBe('1 module is fresh\n');
    const written = read('my_net.py');
    expect((await build(['my-net.unet', '--target', 'pytorch'])).code).toBe(1);
    expect(read('my_net.py')).toBe(written);
    write('my_net.py', '# Made by unetc from my-net.unet; edits are lost.\n');
    expect((await build(words)).code).toBe(1);
  });

  test('of --target keras nowhere where a name is none of TensorFlow', async () => {
    write(
      'odd.unet',
      'model M { input image: [H, W, 1]\n wires { _a = image -> conv(4, 3) }\n head mask: _a -> conv(1, 1) }\n',
    );
    const { stderr, code } = await build(['odd.unet', '--target', 'keras']);
    expect(stderr).toContain('UNET4016');
    expect(code).toBe(1);
    expect(files()).not.toContain('odd.py');
  });

  test('of --target keras with a warning of another running variance', async () => {
    write(
      'torch.unet',
      'model M { input image: [H, W, 1]\n wires { a = image -> conv(4, 3) -> batch_norm(running_variance: unbiased) }\n head mask: a -> conv(1, 1) }\n',
    );
    const { stderr, code } = await build(['torch.unet', '--target', 'keras']);
    expect(stderr).toContain('UNET4019');
    expect(code).toBe(0);
    expect(files()).toContain('torch.py');
  });

  test('to the file of --out, or into its folder', async () => {
    await build(['net.unet', '--out', 'made/model.ts']);
    mkdirSync(join(folder, 'into'));
    await build(['net.unet', '--out', 'into']);
    await build(['net.unet', '--out', 'new/']);
    for (const file of ['made/model.ts', 'into/net.ts', 'new/net.ts']) {
      expect(read(file)).toContain('Made by unetc from net.unet');
    }
  });

  test('of several specs into one folder, each below its own', async () => {
    mkdirSync(join(folder, 'sub'));
    write('sub/net.unet', goodSpec);
    expect((await build(['.', '--out', 'made'])).stderr).toBe(
      'wrote made/net.ts\nwrote made/sub/net.ts\n',
    );
  });

  test('to stdout with --stdout, and from standard input', async () => {
    const { stdout, stderr } = await build(['net.unet', '--stdout']);
    expect(stderr).toBe('');
    expect(files()).toEqual(['net.unet']);
    const piped = await build(['-', '--stdin-filepath', 'net.unet'], goodSpec);
    expect(piped).toEqual({ stdout, stderr: '', code: 0 });
  });

  test('text of the spec and the name of its file reach no terminal as commands', async () => {
    const odd = '\u001b[31m\u0007\u202ered';
    const file = `${odd}.unet`;
    const classes = `\ntrain Small {\n  classes: ["a\u202eb", "c\u2066d"]\n}\n`;
    write(
      file,
      `/// Says ${odd}.\n${goodSpec}`.replace('model Small', `/// Says ${odd}.\nmodel Small`) +
        classes,
    );
    const { stdout, stderr } = await build([file, '--stdout']);
    expect(stderr).toBe('');
    expect(stdout).toContain(
      '// Made by unetc from \u241b[31m\u2407\ufffdred.unet; edits are lost.',
    );
    expect(stdout.match(/Says \u241b\[31m\u2407\ufffdred\./g)).toHaveLength(2);
    expect(stdout).toContain('a\\u202eb');
    await build([file, '--target', 'tfjs', '--out', 'made']);
    expect(readFileSync(join(folder, 'made', 'network.js'), 'utf8')).toContain('c\\u2066d');
    for (const text of [stdout, readFileSync(join(folder, 'made', 'network.js'), 'utf8')]) {
      expect(text).not.toMatch(/[^\P{Cc}\n]|[\u2028-\u202e\u2066-\u2069]/u);
    }
  });

  test('never over what somebody else wrote', async () => {
    write('net.ts', 'export const mine = 1;\n');
    const { stderr, code } = await build(['net.unet']);
    expect(stderr).toContain('"net.ts" cannot be written: it is there already');
    expect(read('net.ts')).toBe('export const mine = 1;\n');
    expect(code).toBe(1);
  });
});

describe('specs with problems', () => {
  test('errors keep one spec from being written, not the others', async () => {
    write('broken.unet', brokenSpec);
    const { stderr, code } = await build(['.']);
    expect(stderr).toMatch(/^wrote net\.ts\nbroken\.unet:\d+:\d+ - error UNET1/);
    expect(files()).toEqual(['broken.unet', 'net.ts', 'net.unet']);
    expect(code).toBe(1);
  });

  test('warnings are told and keep nothing back', async () => {
    write('net.unet', warnedSpec);
    const { stderr, code } = await build(['net.unet']);
    expect(stderr).toMatch(/^wrote net\.ts\nnet\.unet:\d+:\d+ - warning /);
    expect(code).toBe(0);
  });

  test('an output that cannot be written is told, and the others are written', async () => {
    const memory = createMemoryHost({ 'a.unet': goodSpec, 'b.unet': goodSpec });
    const host = {
      ...memory,
      writeText: (path: string, text: string) => {
        if (path === 'a.ts') throw new HostError(path, 'the disk is full');
        memory.writeText(path, text);
      },
    };
    const { stderr, code } = await callCli(['build', 'a.unet', 'b.unet'], { host });
    expect(stderr).toContain('"a.ts" cannot be written: the disk is full.');
    expect(memory.readText('b.ts')).toContain('buildSmall');
    expect(code).toBe(1);
  });

  test('a missing spec fails, and the others are written', async () => {
    const { stderr, code } = await build(['nit.unet', 'net.unet']);
    expect(stderr).toContain('Did you mean "net.unet"?');
    expect(stderr).toContain('wrote net.ts');
    expect(code).toBe(1);
  });
});

describe('--check', () => {
  test('names what is missing and what is stale, and writes nothing', async () => {
    write('fresh.unet', goodSpec);
    write('old.unet', goodSpec);
    await build(['fresh.unet', 'old.unet']);
    write('old.unet', goodSpec.replace('16, 32, 64', '8, 16, 32'));
    const before = read('old.ts');
    expect(await build(['.', '--check'])).toEqual({
      stdout: '',
      stderr:
        'missing net.ts: run "unetc build net.unet".\n' +
        'stale old.ts: run "unetc build old.unet".\n',
      code: 1,
    });
    expect(read('old.ts')).toBe(before);
    expect(files()).not.toContain('net.ts');
    expect(await build(['fresh.unet', '--check'])).toEqual({
      stdout: '',
      stderr: '1 module is fresh\n',
      code: 0,
    });
  });
});

describe('--set', () => {
  test('gives parameters their values and says so in the module', async () => {
    await build(['net.unet', '--set', 'classes=5']);
    expect(read('net.ts')).toContain('// Made by unetc from net.unet with classes = 5;');
    expect(read('net.ts')).toContain('[H, W, 5]');
  });

  test.each([
    [['--set', 'classes'], 2, 'NAME=VALUE'],
    [['--set', 'clases=3'], 1, 'clases'],
    [['--set', 'classes=many'], 1, 'many'],
    [['--stdout', '--check'], 2, '"--stdout" and "--check" exclude each other'],
    [['--target', 'tfjs', '--stdout'], 2, 'exclude each other'],
    [['--target', 'torch'], 2, 'torch'],
  ] as const)('%p ends with %p', async (words, code, text) => {
    const result = await build(['net.unet', ...words]);
    expect([result.code, result.stderr]).toEqual([code, expect.stringContaining(text)]);
    expect(files()).toEqual(['net.unet']);
  });
});

test('--target tfjs writes a model with weights from the seed', async () => {
  expect(await build(['net.unet', '--target', 'tfjs'])).toEqual({
    stdout: '',
    stderr: 'wrote net.tfjs\n',
    code: 0,
  });
  expect(readdirSync(join(folder, 'net.tfjs')).sort()).toEqual([
    'model.json',
    'network.js',
    'weights.bin',
  ]);
  const weights = readFileSync(join(folder, 'net.tfjs/weights.bin'));
  await build(['net.unet', '--target', 'tfjs', '--out', 'again']);
  expect(readFileSync(join(folder, 'again/weights.bin')).equals(weights)).toBe(true);
});

test('--target tfjs replaces the model that it wrote before, and no other', async () => {
  const base = ['net.unet', '--target', 'tfjs', '--out'];
  await build([...base, 'made']);
  const first = readFileSync(join(folder, 'made/model.json'), 'utf8');
  write('net.unet', goodSpec.replace('Small', 'Changed'));
  for (const out of ['made', 'made/']) {
    expect((await build([...base, out])).stderr).toMatch(/^wrote made\/?\n$/);
  }
  expect(readFileSync(join(folder, 'made/model.json'), 'utf8')).not.toBe(first);
  expect(readdirSync(join(folder, 'made')).sort()).toEqual([
    'model.json',
    'network.js',
    'weights.bin',
  ]);
  // A folder with anything else is a folder to write into.
  mkdirSync(join(folder, 'models'));
  for (const _time of [1, 2]) await build([...base, 'models']);
  expect(readdirSync(join(folder, 'models'))).toEqual(['net.tfjs']);
  write('models/net.tfjs/model.json', '{"format":"layers-model"}');
  const { stderr, code } = await build([...base, 'models']);
  expect(stderr).toContain('it holds a "model.json" that unetc did not make');
  expect(code).toBe(1);
});

test('--target tfjs names the layers that TensorFlow.js lacks', async () => {
  write('net.unet', goodSpec.replace(/-> relu/, '-> instance_norm -> relu'));
  const { stderr, code } = await build(['net.unet', '--target', 'tfjs']);
  expect([code, stderr]).toEqual([
    0,
    'wrote net.tfjs; import its network.js before loading it, for TensorFlow.js has no GroupNormalization2D\n',
  ]);
});

test('--target tfjs gives each model of a spec its own folder', async () => {
  write(
    'net.unet',
    `${goodSpec}\n${goodSpec.slice(goodSpec.indexOf('model')).replace('Small', 'Other')}`,
  );
  const { stderr } = await build(['net.unet', '--target', 'tfjs']);
  expect(stderr).toBe('wrote net-Small.tfjs\nwrote net-Other.tfjs\n');
  await build(['net.unet', '--target', 'tfjs', '--out', 'made']);
  expect(files()).toEqual(expect.arrayContaining(['made-Other', 'made-Small']));
});

test('--watch builds what changes until Ctrl-C', async () => {
  const stderr: string[] = [];
  let interrupt: (() => void) | undefined;
  const output = (write: (text: string) => void): Output =>
    createOutput({ write, colour: false, width: 100, isTerminal: false });
  const context: CommandContext = {
    stdout: output(() => {}),
    stderr: output((text) => void stderr.push(text)),
    readStdin: () => Promise.resolve(new Uint8Array()),
    folder,
    host: createNodeHost(folder),
    program: undefined,
    cache: undefined,
    onInterrupt: (act) => {
      interrupt = () => act('SIGINT');
      return () => (interrupt = undefined);
    },
  };
  const said = async (text: string): Promise<void> => {
    for (let tries = 0; tries < 100 && !stderr.join('').includes(text); tries++) await sleep(50);
    expect(stderr.join('')).toContain(text);
    stderr.length = 0;
  };
  const running = runCli(['build', '.', '--watch'], context);
  await said('wrote net.ts\nwatching .; Ctrl-C ends\n');
  write('net.unet', goodSpec.replace('16, 32, 64', '8, 16, 32'));
  await said('wrote net.ts\n');
  write('net.unet', brokenSpec);
  await said('error UNET1');
  write('more.unet', goodSpec);
  await said('wrote more.ts\n');
  const importing = goodSpec.replace(/block double_conv[^]*?\n(?=\n|$)/, '');
  write('parts.unet', 'block double_conv(c: int) = conv(c, 3) -> relu\n');
  write('more.unet', `import double_conv from "parts"\n${importing}`);
  await said('wrote more.ts\n');
  write('parts.unet', 'block double_conv(c: int) = conv(c, 5) -> relu\n');
  await said('wrote more.ts\n');
  interrupt!();
  expect(await running).toBe(0);
});
