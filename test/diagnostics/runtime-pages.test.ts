import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { commandTable } from '../../src/cli/command-table.js';
import { parseArguments } from '../../src/cli/parse-arguments.js';
import { compileText } from '../../src/compile.js';
import { encodePng } from '../../src/runtime/data/image-files.js';
import { generateDemo } from '../../src/runtime/demo/generate-demo.js';
import { callCli } from '../cli/run-cli.js';

/** The pages of messages that come when the program runs. */
const pages = readdirSync('docs/diagnostics')
  .filter((name) => /^UNET[67]\d+\.md$/.test(name))
  .map((name) => name.replace('.md', ''));

/** The code of a page's section, `Example` or `Repair`. */
function sectionOf(code: string, title: string): string {
  const text = readFileSync(`docs/diagnostics/${code}.md`, 'utf8');
  const [, section = ''] = new RegExp(`^## ${title}\n([^]*?)(?=^## |$(?![^]))`, 'm').exec(text)!;
  return [...section.matchAll(/```\w+\n([^]*?)```/g)].map(([, body]) => body!).join('\n');
}

/** The calls of the program, without comments, quotes and what the shell does with their output. */
function callsIn(text: string): readonly (readonly string[])[] {
  return [...text.matchAll(/^(?:npx )?unetc(?:@\S+)? (.*)$/gm)].map(([, line]) =>
    line!
      .replace(/(^|\s)#.*$| [|>].*$| &.*$/, '')
      .trim()
      .split(/\s+/)
      .map((word) => word.replace(/^["']|["']$/g, '')),
  );
}

/** The recipes that comments show, `# train Cells { ... }`. */
const recipesIn = (text: string): readonly (readonly [recipe: string, model: string])[] =>
  [...text.matchAll(/^#\s+(train (\w+) \{.*\})$/gm)].map(([, recipe, model]) => [recipe!, model!]);

async function isUnderstood([name = '', ...words]: readonly string[]): Promise<boolean> {
  if (name.startsWith('--')) return true;
  const command = await commandTable[name]?.load();
  return command !== undefined && parseArguments(command, words).kind !== 'wrong';
}

/** What the sections of all pages show, each with its page. */
const shown = <T>(titles: (code: string) => readonly string[], read: (text: string) => T[]) =>
  pages.flatMap((code) =>
    titles(code).flatMap((title) => read(sectionOf(code, title)).map((each) => ({ code, each }))),
  );

const calls = shown(
  // A page on the words of calls shows a wrong one first.
  (code) => (code.startsWith('UNET7') ? ['Repair'] : ['Example', 'Repair']),
  (text) => callsIn(text).map((words) => ({ text: words.join(' '), words })),
);
test.each(calls)(
  'the page of $code shows a call as the program understands it: $each.text',
  async (call) => {
    expect(await isUnderstood(call.each.words)).toBe(true);
  },
);

const recipesOf = (title: string) =>
  shown(
    () => [title],
    (text) => recipesIn(text).map(([recipe, model]) => ({ recipe, model })),
  );
const codesOf = ({ recipe, model }: { readonly recipe: string; readonly model: string }) =>
  compileText('page.unet', `${networkOf(model)}\n${recipe}\n`).diagnostics.map(({ code }) => code);
test.each(recipesOf('Repair'))(
  'the page of $code shows a recipe that compiles: $each.recipe',
  ({ each }) => {
    expect(codesOf(each)).toEqual([]);
  },
);
test.each(recipesOf('Example'))(
  'the page of $code shows a recipe that has no other fault: $each.recipe',
  ({ code, each }) => {
    expect(codesOf(each).filter((found) => found !== code)).toEqual([]);
  },
);

/** A network for one class or several, in the place of what a page leaves out. */
const networkOf = (name: string, input = 'H, W, 1', end = 'sigmoid'): string => `
model ${name}(classes: int = 1) {
  input image: [${input}]
  wires { a = image -> conv(4, 3) -> relu }
  head mask: a -> conv(classes, 1) -> ${end}
}`;

type Mask = readonly number[];

/** What an example is about. */
interface World {
  readonly input?: string;
  readonly end?: string;
  /** The masks of 2 x 2 pixels, or parts; no data set at all where it is absent. */
  readonly masks?: Mask;
  /** JPEG files in place of PNG. */
  readonly isLossy?: boolean;
  readonly size?: number;
  /** Further files. */
  readonly files?: readonly string[];
}

const usual: Mask = [0, 255, 255, 0];

const worlds: Readonly<Record<string, World>> = {
  UNET6001: {},
  UNET6003: { masks: usual, files: ['train/images/07.png'] },
  UNET6004: { masks: usual, files: ['train/masks/7.png'] },
  UNET6005: { masks: usual, files: ['train/images/a.tif'] },
  UNET6021: { masks: [0, 1, 2, 3], end: 'softmax' },
  UNET6022: { masks: [0, 1, 2, 2] },
  UNET6026: { masks: usual, isLossy: true, end: 'softmax' },
  UNET6028: { masks: [0, 1, 1, 0], end: 'softmax' },
  UNET6035: { masks: usual, end: 'softmax' },
  UNET6037: { masks: [0, 0, 0, 0] },
  UNET6041: { masks: usual, input: '256, 256, 1', size: 300 },
  UNET6043: { masks: [1, 2, 2, 1] },
  UNET6044: { masks: usual, end: 'global_max_pool -> sigmoid' },
  UNET6115: {},
};

describe('examples', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'unetc-pages-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function write(place: string, name: string, bytes: Uint8Array | string): void {
    mkdirSync(dirname(join(place, name)), { recursive: true });
    writeFileSync(join(place, name), bytes);
  }

  /** Makes the world of an example, its data set called as the call calls it. */
  async function make(place: string, code: string, call: readonly string[]): Promise<void> {
    const { input, end, masks, isLossy = false, size = 2, files = [] } = worlds[code]!;
    const [recipe, model] = recipesIn(sectionOf(code, 'Example'))[0] ?? ['', 'Net'];
    const spec = call.find((word) => word.endsWith('.unet'));
    if (spec !== undefined) write(place, spec, `${networkOf(model, input, end)}\n${recipe}\n`);
    if (masks === undefined) return;
    const png = (samples: Mask): Promise<Buffer> => {
      const at = (i: number): number =>
        samples[(i % size < size / 2 ? 0 : 1) + (i < (size * size) / 2 ? 0 : 2)]!;
      const data = Uint8Array.from({ length: size * size }, (_, i) => at(i));
      return encodePng({ width: size, height: size, channels: 1, depth: 8, data });
    };
    const image = await png([9, 30, 200, 255]);
    const data = call[call.indexOf('--data') + 1]!;
    for (const split of ['train', 'val']) {
      write(place, `${data}/${split}/images/a.png`, image);
      const mask = await png(masks);
      const jpeg = (): Promise<Buffer> => sharp(mask).jpeg().toBuffer();
      write(
        place,
        `${data}/${split}/masks/a.${isLossy ? 'jpg' : 'png'}`,
        isLossy ? await jpeg() : mask,
      );
    }
    for (const file of files) write(place, `${data}/${file}`, image);
  }

  test.each(Object.keys(worlds))('%s comes of the call that its page shows', async (code) => {
    const place = join(folder, code);
    mkdirSync(place);
    const [call = []] = callsIn(sectionOf(code, 'Example'));
    await make(place, code, call);
    const { code: exit, stderr } = await callCli(call, { folder: place });
    expect(exit).not.toBe(0);
    expect([...new Set(stderr.match(/(?<=error )UNET\d+/g))]).toEqual([code]);
  });

  test('UNET6116 comes of the second call, and its repair works', async () => {
    const place = join(folder, 'init');
    mkdirSync(place);
    const [again = []] = callsIn(sectionOf('UNET6116', 'Example'));
    const [repair = []] = callsIn(sectionOf('UNET6116', 'Repair'));
    expect((await callCli(again, { folder: place })).code).toBe(0);
    const { code, stderr } = await callCli(again, { folder: place });
    expect([code, [...new Set(stderr.match(/UNET\d+/g))]]).toEqual([1, ['UNET6116']]);
    expect((await callCli(repair, { folder: place })).code).toBe(0);
  });

  test('UNET6050 comes of the library, into a folder with other files', async () => {
    const wanted = (title: string): string =>
      /await generateDemo\('([^']+)'\)/.exec(sectionOf('UNET6050', title))![1]!;
    const place = join(folder, 'library');
    write(place, `${wanted('Example')}/other.txt`, 'x');
    const few = { seed: 1, train: 1, val: 1, size: 16 };
    const codes = async (title: string): Promise<readonly string[]> =>
      (await generateDemo(join(place, wanted(title)), few)).map(({ code }) => code);
    expect(await codes('Example')).toEqual(['UNET6050']);
    expect(await codes('Repair')).toEqual([]);
  });
});
