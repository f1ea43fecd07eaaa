import { describe, expect, test } from '@jest/globals';
import { expandText } from '../../../src/expand-text.js';
import { SourceFile } from '../../../src/diagnostics/source.js';
import { compileText } from '../../../src/compile.js';
import { formatText } from '../../../src/parser/format/format.js';
import type { TrainRecipe } from '../../../src/ir/recipe.js';
import { codesOf, compile, diagnose, messagesOf, type Settings } from '../compile.js';

const spec = (train: string, parameters = ''): string => `model Test${parameters} {
  input image: [H, W, 1]
  wires { a = image -> conv(4) }
  head mask: a -> conv(1, 1)
}
${train}
`;

const recipeOf = (train: string, set: Settings = {}): TrainRecipe =>
  compile(spec(train), set).recipe;

describe('parameters of a recipe', () => {
  const train =
    'train Test(lr: float = 0.002, rounds: int = 3) { optimizer: adam(lr: lr), epochs: 2 * rounds }';

  test('have their defaults', () => {
    expect(recipeOf(train)).toMatchObject({ epochs: 6, optimizer: { options: { lr: 0.002 } } });
  });

  test('take settings in the notation of the language', () => {
    const recipe = recipeOf(train, { lr: '1e-1 / 2', rounds: '5' });
    expect(recipe).toMatchObject({ epochs: 10, optimizer: { options: { lr: 0.05 } } });
  });

  test.each([
    ['rounds', '2.5', 'a whole number'],
    ['lr', 'fast', 'a number'],
  ])('"%s" refuses %s as a parameter of a model does', (name, text, expects) => {
    const [message, ...others] = messagesOf(spec(train), { [name]: text });
    expect(others).toEqual([]);
    expect(message).toBe(
      `UNET3014: Parameter "${name}" of "train Test" takes ${expects}, found "${text}", set from outside.`,
    );
  });

  test('are told from those that do not exist', () => {
    const [found] = diagnose(spec(train, '(base: int = 4)').replace('conv(4)', 'conv(base)'), {
      round: '3',
    });
    expect(found!.message).toMatch(/Model "Test" has no parameter "round"; .*base.*lr.*rounds/);
    expect(found!.help.join()).toContain('rounds');
  });

  test('need a default or a setting', () => {
    const text = spec('train Test(lr: float) { optimizer: sgd(lr) }');
    expect(messagesOf(text)[0]).toContain('UNET3015: Parameter "lr" of "train Test"');
    expect(messagesOf(text, { lr: '0.5' })).toEqual([]);
  });

  test('are not those of the model, and the name belongs to one of them', () => {
    const both = spec('train Test(base: int = 2) { batch: base }', '(base: int = 4)');
    expect(codesOf(both.replace('conv(4)', 'conv(base)'))).toEqual(['UNET2047']);
    const alone = spec('train Test { batch: base }', '(base: int = 4)');
    expect(codesOf(alone.replace('conv(4)', 'conv(base)'))).toEqual(['UNET2001']);
  });

  test('of a recipe that models share are looked at beside each of them', () => {
    const other = spec('', '(base: int = 4)').replace('conv(4)', 'conv(base)');
    const text = `${other.replace('Test', 'Other')}${spec('train(base: int = 2) { batch: base }')}`;
    expect(messagesOf(text)).toEqual([
      expect.stringMatching(/^UNET2047: Parameter "base" .* by model "Other" and by "train"/),
    ]);
  });

  test('that nothing uses are warned of once', () => {
    expect(messagesOf(spec('train(lr: float = 1) { epochs: 2 }'))).toEqual([
      'UNET5003: Parameter "lr" of "train" is never used.',
    ]);
  });

  test('decide between components, and hold their names', () => {
    const text = `train Test(method: adam | sgd = adam, strong: bool = false) {
      optimizer: method
      loss: dice if strong else bce
      augment: [flip, noise if strong else blur] if method == sgd else flip
    }`;
    const names = (set: Settings): unknown => {
      const { optimizer, loss, augment } = recipeOf(text, set);
      return [optimizer.name, loss.kind === 'loss' && loss.loss.name, augment.map((e) => e.name)];
    };
    expect(names({})).toEqual(['adam', 'bce', ['flip']]);
    expect(names({ method: 'sgd' })).toEqual(['sgd', 'bce', ['flip', 'blur']]);
    expect(names({ method: 'sgd', strong: 'true' })).toEqual(['sgd', 'dice', ['flip', 'noise']]);
  });

  test('that are called as a component do not hide it', () => {
    const { loss } = recipeOf('train Test(dice: float = 2) { loss: 3 * dice(epsilon: dice) }');
    expect(loss).toMatchObject({
      kind: 'scale',
      factor: 3,
      loss: { loss: { name: 'dice', options: { epsilon: 2 } } },
    });
  });

  test('are kept by what the author states', () => {
    const text = spec(
      'train Test(lr: float = 1) { error: "{lr} is much." if lr > 0.5, optimizer: sgd(lr) }',
    );
    expect(messagesOf(text)).toEqual(['UNET3036: "train Test" does not allow this: 1 is much.']);
    expect(messagesOf(text, { lr: '0.1' })).toEqual([]);
  });

  test('are laid out, and written down where a spec is expanded', () => {
    const text = formatText(new SourceFile('test.unet', spec(train))).value;
    expect(text).toContain('train Test(lr: float = 0.002, rounds: int = 3) {');
    const set = { rounds: '7' };
    const compiled = compileText('test.unet', text, { set });
    const expanded = expandText(compiled.source, compiled.models[0]!, set);
    expect(expanded).toContain('train Test(lr: float = 0.002, rounds: int = 7) {');
    expect(compile(expanded).recipe.epochs).toBe(14);
  });
});
