import { describe, expect, test } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { compileText, type CompiledModel } from '../../src/compile.js';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.js';
import { messages } from '../../src/diagnostics/messages/index.js';
import type { Message } from '../../src/diagnostics/messages/message.js';
import { sentenceShape } from '../../src/diagnostics/sentence-shape.js';
import { emitKeras } from '../../src/codegen/keras/emit.js';
import { emitPyTorch } from '../../src/codegen/pytorch/emit.js';
import {
  checkModuleFile,
  checkTraining,
} from '../../src/codegen/pytorch/training/check-training.js';
import { checkDepth } from '../../src/codegen/tfjs/check-depth.js';
import { illegalSize } from '../../src/ir/sizes/check-sizes.js';
import { accepts } from '../../src/ir/sizes/sizes.js';
import { applyFix } from './apply-fix.js';

const folder = 'docs/diagnostics';
const byCode = new Map<string, Message<never>>(
  Object.values(messages).map((message) => [message.code, message as Message<never>]),
);
const pages = readdirSync(folder)
  .filter((name) => /^UNET\d+\.md$/.test(name))
  .map((name) => name.replace('.md', ''));

/** A page in its parts. */
interface Page {
  readonly sentence: string;
  readonly sections: ReadonlyMap<string, string>;
}

function readPage(code: string): Page {
  const text = readFileSync(`${folder}/${code}.md`, 'utf8');
  const [head, ...parts] = text.split(/^## /m);
  const [, sentence = ''] = new RegExp(`^# ${code}\n\n((?:> .*\n)+)\n$`).exec(head!) ?? [];
  return {
    sentence: sentence.replace(/^> /gm, '').trim().replaceAll('\n', ' '),
    sections: new Map(
      parts.map((part) => {
        const [title = '', ...body] = part.split('\n');
        return [title, body.join('\n').trim()];
      }),
    ),
  };
}

describe.each(pages)('the page of %s', (code) => {
  const page = readPage(code);

  test('belongs to a message and has its sentence', () => {
    const message = byCode.get(code);
    expect(message).toBeDefined();
    expect(page.sentence).toBe(sentenceShape(message!).replace(/\s*\n\s*/g, ' '));
  });

  test('has its sections, in order and not empty', () => {
    expect([...page.sections.keys()]).toEqual(['What it means', 'Example', 'Repair', 'Related']);
    expect([...page.sections.values()].filter((body) => body === '')).toEqual([]);
  });

  test('leads to messages that exist', () => {
    const related = page.sections.get('Related')!.match(/UNET\d+/g) ?? [];
    expect(related.length).toBeGreaterThan(0);
    expect(related.filter((other) => !byCode.has(other) || other === code)).toEqual([]);
  });
});

/** A model around one line. */
const around = (line: string, blocks: readonly string[] = []): string =>
  [
    ...blocks,
    'model Small {',
    '  input image: [H, W, 1]',
    `  wires { a = image -> ${line} }`,
    '  head mask: a -> conv(1, 1) -> sigmoid',
    '}',
    '',
  ].join('\n');

/** Blocks b1 to b<count>: the first a layer, the others made of the one before. */
const chain = (count: number, make: (before: string) => string): readonly string[] =>
  Array.from({ length: count }, (_, index) =>
    index === 0 ? 'block b1() = relu' : `block b${index + 1}() = ${make(`b${index}`)}`,
  );

/** Examples that nobody wants to read, and their repairs. */
const made: Readonly<Record<string, readonly [example: string, repair: string]>> = {
  UNET1010: [around(`conv(${'('.repeat(25)}1${')'.repeat(25)})`), around('conv(((1)))')],
  UNET1011: [around('relu -> '.repeat(60_000) + 'relu'), around('relu')],
  UNET1012: [around(`conv(${'1 + '.repeat(257)}1)`), around('conv(1 + 1)')],
  UNET1013: [around('relu\0'), around('relu')],
  UNET2006: [
    around(
      'b65',
      chain(65, (before) => before),
    ),
    around(
      'b64',
      chain(64, (before) => before),
    ),
  ],
  UNET2007: [
    around(
      'b16',
      chain(16, (before) => `${before} -> ${before}`),
    ),
    around(
      'b4',
      chain(4, (before) => `${before} -> ${before}`),
    ),
  ],
  UNET3038: [around(`${'conv(1, 3) -> '.repeat(2001)}relu`), around('conv(1, 3) -> relu')],
  UNET3022: [around(`conv(max([${'1, '.repeat(10_000)}1]))`), around('conv(max([1, 2]))')],
};

/** The specs in the `unet` fence of a section. */
function specIn(page: Page, title: string): string {
  const [, text = ''] = /```unet\n([^]*?)```/.exec(page.sections.get(title)!) ?? [];
  return text;
}

const codesOf = (diagnostics: readonly Diagnostic[]): readonly string[] => [
  ...new Set(diagnostics.map(({ code }) => code)),
];

/**
 * What the compiler says of a spec; `--size` in the section asks for one size, as `unetc
 * summary` does, `--target tfjs` for a layers model, `--target pytorch` for modules and
 * `--target keras` for a model of Keras.
 */
function diagnose(text: string, section = ''): readonly Diagnostic[] {
  const { diagnostics, models } = compileText('page.unet', text);
  const [, height, width] = /--size (\d+)x(\d+)/.exec(section) ?? [];
  const [model] = models;
  if (model !== undefined && section.includes('--target tfjs')) {
    return [...diagnostics, ...checkDepth(model.graph, model.section.name!.span)];
  }
  if (section.includes('--target pytorch')) {
    const trained = section.includes('--train') ? checkTrainings(models, section) : [];
    // What a script is refused for is warned of where unetc trains.
    const told = trained.length > 0 ? [] : diagnostics;
    return [...told, ...emitPyTorch(models, { file: 'page.unet' }).diagnostics, ...trained];
  }
  if (section.includes('--target keras')) {
    return [...diagnostics, ...emitKeras(models, { file: 'page.unet' }).diagnostics];
  }
  if (height === undefined || width === undefined || model === undefined) return diagnostics;
  const [h, w] = [Number(height), Number(width)];
  if (isLegal(model, h, w)) return diagnostics;
  return [...diagnostics, illegalSize(model.graph, model.sizes, h, w)];
}

/** What `--train` says, of the file that is written and of the models. */
function checkTrainings(models: readonly CompiledModel[], section: string): readonly Diagnostic[] {
  const [, file = 'page.py'] = /--out (\S+\.py)/.exec(section) ?? [];
  return [...checkModuleFile(file), ...models.flatMap(checkTraining)];
}

const isLegal = ({ sizes }: CompiledModel, height: number, width: number): boolean =>
  accepts(sizes.height, height) && accepts(sizes.width, width);

/** Of calls, which tests of the command raise. */
const ofCalls = ['UNET4022'];

describe.each(pages.filter((code) => /^UNET[1-5]/.test(code) && !ofCalls.includes(code)))(
  'the specs of %s',
  (code) => {
    const page = readPage(code);
    const [example, repair] = made[code] ?? [specIn(page, 'Example'), specIn(page, 'Repair')];
    const found = diagnose(example, page.sections.get('Example'));

    test('raise the code and nothing else', () => expect(codesOf(found)).toEqual([code]));

    test('raise nothing when repaired', () => {
      expect(repair).not.toBe('');
      expect(diagnose(repair, page.sections.get('Repair'))).toEqual([]);
    });

    test('point at a place and a way out', () => {
      for (const { span, message, help, fixes } of found) {
        expect(span.end).toBeLessThanOrEqual(example.length);
        expect(example.slice(span.start, span.end)).not.toContain('\n');
        const saysMore = /expected|; |takes|needs|at most|cannot|closes/i.test(message);
        expect(saysMore || help.length + fixes.length > 0).toBe(true);
      }
    });

    test('speak in full sentences', () => {
      for (const { notes, help, fixes } of found) {
        expect([...notes, ...help].filter((line) => !/^["A-Za-z].*[.?]$/.test(line))).toEqual([]);
        expect(fixes.filter(({ title }) => !/^[A-Z].*[^.]$/.test(title))).toEqual([]);
      }
    });

    // A fix repairs what it is offered for: the code is gone, and nothing comes instead.
    for (const fix of found.flatMap(({ fixes }) => fixes)) {
      test(`are repaired by: ${fix.title}`, () => {
        expect(codesOf(compileText('page.unet', applyFix(example, fix)).diagnostics)).toEqual([]);
      });
    }
  },
);

/** The ranges whose pages are written; the others follow. */
const written = ['1', '2', '3', '4', '5', '60', '7'];

test.each(
  [...byCode.keys()].filter((code) => written.some((range) => code.startsWith(`UNET${range}`))),
)('%s has a page', (code) => expect(existsSync(`${folder}/${code}.md`)).toBe(true));
