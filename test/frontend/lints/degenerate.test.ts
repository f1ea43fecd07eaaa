import { describe, expect, test } from '@jest/globals';
import { compileText } from '../../../src/compile.js';
import { standardLibrary } from '../../../src/std/sources.generated.js';
import { applyFix } from '../../diagnostics/apply-fix.js';
import { diagnose, modelOf, nodeOf } from '../compile.js';

const reported = (text: string): readonly string[] =>
  diagnose(text).map(({ code, span }) => `${code} ${text.slice(span.start, span.end)}`);

describe('a normalisation over one value', () => {
  const pooled = (norm: string, recipe: string, shape = '[H, W, 1]'): string =>
    `${modelOf(`a = image -> conv(4)\nb = [a, a -> global_avg_pool -> conv(4, 1) -> ${norm}] -> multiply`, 'conv(1, 1)', shape)}\ntrain Test { ${recipe} }\n`;

  test.each([
    ['batch_norm', 'batch: 1', true],
    ['batch_norm', 'batch: 5, accumulate: 3', true],
    ['batch_norm', 'batch: 6, accumulate: 3', false],
    ['batch_norm', 'batch: 2, accumulate: 9', true],
    ['batch_norm', 'batch: 2', false],
    ['batch_norm', 'epochs: 2', false],
    ['instance_norm', 'batch: 8', true],
    ['group_norm(4)', 'batch: 8', true],
    ['group_norm(2)', 'batch: 1', false],
    ['layer_norm', 'batch: 1', false],
  ])('%s with "%s": %s', (norm, recipe, isPredicted) =>
    expect(reported(pooled(norm, recipe))).toEqual(isPredicted ? [`UNET5017 ${norm}`] : []),
  );

  test('is one of a layer norm wherever there is one channel', () =>
    expect(reported(modelOf('a = image -> layer_norm -> conv(2)'))).toEqual([
      'UNET5017 layer_norm',
    ]));

  const deep = (shape: string, recipe: string): string => `model Test {
  input image: ${shape}
  encoder plain { widths: [2, 2, 2, 2], stage: conv(width) -> batch_norm, down: max_pool(2) }
  skip plain { merge: [skip, up] -> concat }
  decoder { up: nearest(2), stage: conv(width) }
  head mask: conv(1, 1)
}
train Test { ${recipe} }
`;

  test('is one at the bottom of a network where sizes are fixed so', () => {
    expect(reported(deep('[8, 8, 1]', 'batch: 1'))).toEqual(['UNET5017 batch_norm']);
    expect(reported(deep('[16, 8, 1]', 'batch: 1'))).toEqual([]);
    expect(reported(deep('[H, W, 1]', 'batch: 1'))).toEqual([]);
    expect(reported(deep('[H, W, 1]', 'batch: 1, sizes: crop(8)'))).toEqual([
      'UNET5017 batch_norm',
    ]);
    expect(reported(deep('[H, W, 1]', 'batch: 1, sizes: resize([8, 16])'))).toEqual([]);
  });
});

describe('sizes that are legal up to a bound alone', () => {
  test.each(['add', 'concat', 'average'])('%s with what global pooling leaves', (merge) => {
    const channels = '-> global_avg_pool';
    const text = modelOf(`a = image -> conv(2)\nb = [a, a ${channels}] -> ${merge}`);
    expect(reported(text)).toEqual([`UNET4014 ${merge}`]);
    const [{ severity, fixes }] = diagnose(text) as [ReturnType<typeof diagnose>[number]];
    expect(severity).toBe('warning');
    expect(fixes.map(({ title }) => title)).toEqual(['Resize "b/global_avg_pool1" to "a"']);
    expect(reported(applyFix(text, fixes[0]!))).toEqual([]);
  });

  test('is no matter of gates, fixed sizes and lower bounds', () => {
    expect(
      reported(modelOf('a = image -> conv(2)\nb = [a, a -> global_avg_pool] -> multiply')),
    ).toEqual([]);
    const one = 'a = image -> conv(2)\nb = [a, a -> global_avg_pool] -> add';
    expect(reported(modelOf(one, 'conv(1, 1)', '[1, 1, 1]'))).toEqual([]);
    expect(reported(modelOf('a = image -> conv(2, 9, padding: valid)'))).toEqual([]);
  });

  test('are told for one axis too', () => {
    const text = modelOf(
      'a = image -> max_pool([1, 64])\nb = [a, a -> global_avg_pool] -> concat',
      'conv(1, 1)',
      '[1, W, 1]',
    );
    expect(reported(text)).toEqual(['UNET4014 concat']);
  });
});

describe('the order of taps', () => {
  const own = (field: string): string => `encoder own(c: int = 4) {
  x = in -> conv(c)
  y = x -> max_pool(2) -> conv(c)
  z = y -> max_pool(2) -> conv(c)
  tap bottom = z
  tap top = x
  tap middle = y
}
model Test {
  input image: [H, W, 1]
  encoder own { ${field} }
  skip plain { merge: [skip, up] -> concat }
  decoder { up: nearest(2), stage: conv(width) }
  head mask: conv(1, 1)
}
`;

  test('is that of their sizes where the model does not say', () => {
    const { diagnostics, drafts } = compileText('test.unet', own(''));
    expect(diagnostics).toEqual([]);
    expect(drafts[0]!.unfolded.levels).toEqual(['top', 'middle', 'bottom']);
  });

  test('is an error where the model says another', () => {
    expect(reported(own('taps: [top, middle, bottom]'))).toEqual([]);
    const text = own('taps: [middle, top, bottom]');
    expect(reported(text)).toEqual(['UNET2046 top']);
    expect(reported(applyFix(text, diagnose(text)[0]!.fixes[0]!))).toEqual([]);
    expect(reported(own('taps: [middle, image, bottom]'))[0]).toBe('UNET2046 image');
    expect(reported(own('taps: [none, middle, bottom]')).join()).not.toContain('UNET2046');
  });

  test.each([...Object.keys(standardLibrary).filter((path) => !/blocks|residual/.test(path))])(
    'of %s goes downwards in the text too',
    (path) => {
      const { trials } = compileText(path, standardLibrary[path]!);
      for (const { graph } of trials) {
        const strides = graph!.outputs.map(({ name }) => Number(name.slice(1)));
        expect(strides).toEqual(strides.toSorted((one, other) => one - other));
      }
      expect(trials.length).toBeGreaterThan(0);
    },
  );

  test.each(['', 's16_at: first', 's16_at: first, s32_at: features', 'form: keras'])(
    'of efficientnet with "%s"',
    (fields) => {
      const text = `import efficientnet from "std/efficientnet"
model Test {
  input image: [H, W, 3]
  encoder efficientnet { ${fields} }
  skip plain { merge: [skip, up] -> concat }
  decoder { up: nearest(2), stage: conv(8) }
  head mask: nearest(2) -> conv(1, 1)
}
`;
      const { drafts, diagnostics } = compileText('test.unet', text);
      expect(diagnostics).toEqual([]);
      expect(drafts[0]!.unfolded.levels).toEqual(['s2', 's4', 's8', 's16', 's32']);
    },
  );
});

test('a lost skip is told at the merge, not within the block that ends the level', () => {
  const text = `block double(c: int) = conv(c) -> relu -> conv(c) -> relu
model Test {
  input image: [H, W, 1]
  encoder plain { widths: [2, 4, 8], stage: double(width), down: max_pool(2) }
  skip plain {
    merge: [skip, up] -> concat
    level 1 { merge: [up, up -> conv(2)] -> concat }
  }
  decoder { up: nearest(2), stage: double(width) }
  head mask: conv(1, 1)
}`;
  expect(reported(text)).toEqual(['UNET5004 concat']);
  const { span, labels } = diagnose(text)[0]!;
  expect(text.slice(0, span.start).split('\n')).toHaveLength(7);
  expect(labels.map((label) => text.slice(label.span.start, label.span.end))).toEqual([
    'double(width)',
  ]);
});

describe('the column of a nested decoder', () => {
  const nested = (stage: string, skip = 'merge: [skips, up] -> concat'): string => `model Test {
  input image: [H, W, 1]
  encoder plain { widths: [2, 4, 8], stage: conv(width), down: max_pool(2) }
  skip nested { ${skip} }
  decoder { up: nearest(2), stage: ${stage} }
  head mask: conv(1, 1)
}`;
  const channels = (text: string, name: string): number =>
    nodeOf(compileText('test.unet', text).models[0]!.graph, name).channels;

  test('is known in every field', () => {
    const text = nested('conv(7 if column == 2 else width)');
    expect(reported(text)).toEqual([]);
    expect([channels(text, 'x1_1'), channels(text, 'x1_2')]).toEqual([2, 7]);
    const earlier = nested('conv(width)', 'earlier: last if column == 2 else all');
    expect(channels(earlier, 'x1_2/concat1')).toBe(6);
  });
});
