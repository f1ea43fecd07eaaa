import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { makeOddPlaces, type OddPlaces } from '../files/odd-places.js';
import { callCli, type CliResult } from './run-cli.js';
import { goodSpec } from './sample-specs.js';

let places: OddPlaces;
const call = (...words: readonly string[]): Promise<CliResult> =>
  callCli(words, { folder: places.folder });

beforeAll(async () => {
  places = await makeOddPlaces('.unet');
  writeFileSync(places.at('good.net'), goodSpec);
  mkdirSync(places.at('specs'));
  writeFileSync(places.at('specs/own.unet'), goodSpec);
});
afterAll(() => places.remove());

describe('specs that are no files', () => {
  test.each([['check'], ['fmt'], ['build'], ['summary'], ['draw'], ['expand']])(
    'are told by %s, and nothing waits',
    async (command) => {
      for (const [name, reason] of places.odd.filter(([, why]) => !/folder/.test(why.source))) {
        const { stderr, code } = await call(command, name);
        expect(stderr).toMatch(/error UNET7003: /);
        expect(stderr).toMatch(reason);
        expect(code).toBe(1);
      }
    },
  );

  test('are told beside those of a folder that are', async () => {
    const { stderr, code } = await call('check', '.');
    expect(code).toBe(1);
    expect(stderr.match(/UNET7003/g)!.length).toBeGreaterThanOrEqual(4);
  });

  test('a spec of 100 MB is refused by its size', async () => {
    writeFileSync(places.at('huge.net'), '');
    truncateSync(places.at('huge.net'), 100_000_000);
    const { stderr, code } = await call('check', 'huge.net');
    expect(stderr).toContain('it has 100000000 bytes; expected at most 8388608');
    expect(code).toBe(1);
  });
});

describe('outputs', () => {
  const outputs = [
    ['build', 'specs/own.unet', '--out'],
    ['draw', 'specs/own.unet', '--format', 'svg', '--out'],
  ] as const;

  test.each(outputs)('%s writes over regular files alone', async (...words) => {
    for (const [name, reason] of places.odd) {
      const [command] = words;
      if (/folder/.test(reason.source) && command === 'build') continue;
      // A picture is not written to the name of a spec, so take links to them.
      const link = places.at(`${name}.${command}`);
      symlinkSync(places.at(name), link);
      const { mode } = lstatSync(places.at(name));
      const { stderr, code } = await call(...words, link);
      expect(stderr).toMatch(/error UNET7005: .* cannot be written: /);
      expect(stderr).toMatch(reason);
      expect(code).toBe(1);
      expect(lstatSync(places.at(name)).mode).toBe(mode);
    }
  });

  test('no command writes over the spec that it reads, or one that it imports', async () => {
    const before = readFileSync(places.at('specs/own.unet'), 'utf8');
    writeFileSync(
      places.at('specs/importing.unet'),
      `import { Small } from "./own.unet"\n${goodSpec.replace('Small', 'Other')}`,
    );
    symlinkSync(places.at('specs/own.unet'), places.at('picture.svg'));
    const calls = [
      ['draw', 'specs/own.unet', '--format', 'svg', '--out', 'specs/own.unet'],
      ['draw', 'specs/own.unet', '--out', 'picture.svg'],
      ['draw', 'specs/importing.unet', '--out', 'picture.svg'],
      ['build', 'specs/own.unet', '--out', 'specs/own.unet'],
      ['build', 'specs/own.unet', '--out', 'picture.svg'],
    ];
    for (const words of calls) {
      const { code } = await call(...words);
      expect(code).toBeGreaterThan(0);
      expect(readFileSync(places.at('specs/own.unet'), 'utf8')).toBe(before);
    }
  });

  test('a model is not written over its own weights, nor over a checkpoint', async () => {
    const words = ['build', 'specs/own.unet', '--target', 'tfjs'];
    expect((await call(...words)).code).toBe(0);
    const own = await call(...words, '--weights', 'specs/own.tfjs/model.json');
    expect(own.stderr).toMatch(/error UNET7005: .*model\.json" .*an input of this command/);
    expect(own.code).toBe(1);
    const model = JSON.parse(
      readFileSync(places.at('specs/own.tfjs/model.json'), 'utf8'),
    ) as object;
    const checkpoint = { ...model, userDefinedMetadata: { unetc: {} } };
    writeFileSync(places.at('specs/own.tfjs/model.json'), JSON.stringify(checkpoint));
    const { stderr, code } = await call(...words);
    expect(stderr).toContain('it holds a checkpoint of a training run');
    expect(code).toBe(1);
  });
});

describe('paths', () => {
  test.each([
    [['check', '']],
    [['fmt', '']],
    [['draw', '']],
    [['check', '', 'specs']],
    [['predict', '', 'x.png', '--out', 'o']],
    [['predict', 'run', '', '--out', 'o']],
    [['init', 'minimal', '']],
    [['draw', 'specs/own.unet', '--out', '']],
    [['check', 'specs', '--stdin-filepath', '']],
    [['train', 'specs/own.unet', '--data', '', '--out', 'o']],
  ])('an empty one is wrong usage: %j', async (words) => {
    const { stderr, code } = await call(...words);
    expect(code).toBe(2);
    expect(stderr).toMatch(/error UNET70(25|13): /);
  });

  test.each([
    ['no/such', /does not exist/],
    ['specs/own.unet/below', /does not exist|a file, not a folder/],
    ['x'.repeat(300), /its name is too long/],
    [`${'x/'.repeat(3000)}y`, /its name is too long|does not exist/],
    ['a\0b', /a zero byte/],
    [
      'specs\\own.unet',
      /Did you mean ".*specs\/own\.unet"\? Parts of a path are separated by "\/"/,
    ],
    ['~/own.unet', /"~" stands for the home folder in a shell only/],
    ['lost', /It is a link that leads nowhere: to "nothing"/],
    ['a\ufffdb', /not to be text in UTF-8/],
  ])('%s is told', async (path, reason) => {
    if (!existsSync(places.at('lost'))) {
      try {
        symlinkSync('nothing', places.at('lost'));
      } catch {
        // There already.
      }
    }
    for (const command of ['check', 'summary', 'fmt']) {
      const { stderr, code } = await call(command, path);
      expect(stderr).toMatch(reason);
      expect(code).toBe(1);
    }
  });

  test('an output below a file, or with the name of a folder, is told', async () => {
    for (const out of ['good.net/x.svg', 'specs/', 'specs', `${'x'.repeat(300)}.svg`]) {
      const { stderr, code } = await call(
        'draw',
        'specs/own.unet',
        '--format',
        'svg',
        '--out',
        out,
      );
      expect(stderr).toMatch(/error UNET7005: /);
      expect(code).toBe(1);
    }
  });
});

test('names cannot steer a terminal', async () => {
  const name = 'a\u001b[31mred\u001b]0;pwned\u0007\nb\u202ec\u009b';
  const written = await call('draw', 'specs/own.unet', '--format', 'svg', '--out', name);
  expect(written.stderr).toBe('drew a\u241b[31mred\u241b]0;pwned\u2407\u240ab\ufffdc\ufffd\n');
  const { stderr } = await call('check', `${name}.unet`);
  expect(stderr).not.toMatch(/[^\P{Cc}\n]|\u202e/u);
  const { stdout } = await call('check', `${name}.unet`, '--json');
  expect(stdout).not.toMatch(/[^\P{Cc}\n]|\u202e/u);
  const [reported] = JSON.parse(stdout) as [{ file: string }];
  expect(reported.file).toBe(`${name}.unet`);
});
