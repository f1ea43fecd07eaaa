import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { expandText } from '../../../src/expand-text.js';
import { compileText, type CompiledModel } from '../../../src/compile.js';
import { SourceFile } from '../../../src/diagnostics/source.js';
import type { Settings } from '../compile.js';
import { unetSpec } from '../../ir/sizes/random-spec.js';

interface Compiled {
  readonly text: string;
  readonly model: CompiledModel;
}

function compile(text: string, set: Settings): Compiled {
  const { models, diagnostics } = compileText('test.unet', text, { set });
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (models[0] === undefined)
    throw new Error(`${errors.map((e) => e.message).join('\n')}\n${text}`);
  return { text, model: models[0] };
}

const expand = ({ text, model }: Compiled): string => expandText(new SourceFile('a', text), model);

/** Where things are written, and what of the spec they are, is no part of the network. */
const notOfNetwork = new Set(['origin', 'madeBy', 'isFixed']);

/** A graph without the places in the text that it comes from. */
function withoutOrigins({ model: { graph } }: Compiled): unknown {
  return JSON.parse(
    JSON.stringify(graph, (key, value: unknown) => (notOfNetwork.has(key) ? undefined : value)),
  );
}

/** The expanded text makes the same network, and has nothing left to expand. */
function expectRoundTrip(text: string, set: Settings): void {
  const original = compile(text, set);
  const expanded = expand(original);
  const again = compile(expanded, set);
  expect(withoutOrigins(again)).toEqual(withoutOrigins(original));
  expect(expand(again)).toBe(expanded);
  for (const { keyword, name } of again.model.section.body!.members.filter(
    (member) => member.kind === 'section',
  )) {
    expect(['skip', 'decoder']).not.toContain(keyword.text);
    // Encoders that are declared outside stay.
    if (keyword.text === 'encoder') expect(name?.text).not.toBe('plain');
  }
}

const specs = readdirSync('specs').filter((name) => name.endsWith('.unet'));
const settings: readonly Settings[] = [{}, { base: '8' }, { base: '6', classes: '3' }];

describe.each(specs)('%s expanded', (name) => {
  const text = readFileSync(`specs/${name}`, 'utf8');
  const known = settings.filter((set) =>
    Object.keys(set).every((parameter) => new RegExp(`\\b${parameter}: int`).test(text)),
  );

  test.each(known)('is the same network with %j', (set) => expectRoundTrip(text, set));
});

test.each(['crop', 'pad', 'same'])('the three modes expand to that of mode=%s', (mode) => {
  expectRoundTrip(readFileSync('specs/unet-three-modes.unet', 'utf8'), { mode });
});

const page = readFileSync('docs/language.md', 'utf8');
const examples = [...page.matchAll(/^```unet\n([^]*?)^```$/gm)].map(([, text]) => text!);

test.each(examples)('the whole examples of the reference page', (text) => {
  expectRoundTrip(text, {});
});

/** What slots may say, in all its forms. */
const slots = fc.record({
  stage: fc.constantFrom(
    'double(width)',
    'double(width, mid: width / 2)',
    'double(width, mid: in.channels)',
    'double(width) -> (dropout(0.5) if level >= 2)',
    '(double(width) if level == 1 else conv(width, 3)) -> relu',
    'conv(width, 3) -> [identity, in -> conv(width, 1)] -> add',
    'conv(max(width - level, 1) + 2 * level, 3)',
    'twice(conv(width, 3) -> relu)',
    'relu if level > 9 else double(width)',
  ),
  down: fc.constantFrom(
    'max_pool(2)',
    'conv(in.channels, 3, stride: 2) -> relu',
    'max_pool(2) if level % 2 == 0 else avg_pool(2)',
    '[max_pool(2), avg_pool(2)] -> add',
  ),
  merge: fc.constantFrom(
    '[skip, up] -> concat',
    '[up, skip -> conv(width, 1), skip] -> concat',
    '[(skip -> gate(up, c: width)), up] -> concat',
    'up',
    '[skip, up] -> concat -> (relu if level == 1)',
  ),
  align: fc.constantFrom('none', 'crop', 'pad', 'resize(nearest)', 'pad if wide else none'),
  up: fc.constantFrom(
    'conv_transpose(width, 2)',
    'nearest(2) -> conv(width, 1)',
    'bilinear(2) -> conv(floor(in.channels / 2), 1)',
    'conv_transpose(width, 2) if level > 1 else nearest(2)',
  ),
  widths: fc.constantFrom(
    'base * [1, 2, 4]',
    '[base, 2 * base, base + base * 3]',
    'reverse([4, 2, 1]) * base',
    '[8, 16, 32] if wide else base * [1, 2, 4]',
    'widths',
    '(2 * widths - widths) / 1',
  ),
  level: fc.constantFrom(
    '',
    'level 2 { stage: conv(width, 5) -> relu }',
    'level 2, 3 { stage: double(width) -> relu, down: avg_pool(2) }',
  ),
  head: fc.constantFrom(
    'conv(1, 1)',
    'd2 -> conv(2, 1)',
    '[d1, e1] -> concat -> conv(1, 1) -> sigmoid',
  ),
});

test('whatever slots say, its wires make the same network', () => {
  fc.assert(
    fc.property(
      slots,
      fc.boolean(),
      ({ stage, down, merge, align, up, widths, level, head }, wide) => {
        expectRoundTrip(
          `model Slots(base: int = 8, wide: bool = ${wide}, widths: [int] = [8, 16, 32]) {
  input image: [H, W, 2]
  encoder plain {
    widths: ${widths}
    stage: ${stage}
    down: ${down}
    ${level}
  }
  skip plain { merge: ${merge}, align: ${align} }
  decoder { up: ${up}, stage: ${stage} }
  head mask: ${head}
}
block double(c: int, mid: int = c) = conv(mid, 3) -> relu -> conv(c, 3) -> relu
block twice(body: stage) = body -> body
block gate(below: tensor, c: int) {
  a = [(in -> conv(c, 1)), (below -> conv(c, 1))] -> add -> relu
  out = [in, (a -> conv(1, 1) -> sigmoid)] -> multiply
}
`,
          {},
        );
      },
    ),
    { seed: 20150518, numRuns: Number(process.env['RUNS'] ?? 100) },
  );
});

test('random U-shaped networks expand to themselves', () => {
  fc.assert(
    fc.property(unetSpec, (text) => {
      if (compileText('test.unet', text).models.length > 0) expectRoundTrip(text, {});
    }),
    { seed: 20150518, numRuns: 40 },
  );
});

test('keeps what was set as the defaults', () => {
  const text = readFileSync('specs/unet-three-modes.unet', 'utf8');
  const set = { mode: 'pad', base: '8' };
  const { source, models } = compileText('net.unet', text, { set });
  const expanded = expandText(source, models[0]!, set);
  expect(expanded).toContain('mode: crop | pad | same = pad');
  expect(compileText('net.unet', expanded).models[0]!.graph.nodes).toHaveLength(
    models[0]!.graph.nodes.length,
  );
});
