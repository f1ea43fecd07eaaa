import { describe, expect, test } from '@jest/globals';
import { defineCommand } from '../../src/cli/command.js';
import { renderCommandHelp } from '../../src/cli/help.js';
import { parseArguments } from '../../src/cli/parse-arguments.js';

const command = defineCommand({
  name: 'paint',
  description: 'Paints pictures.',
  arguments: [
    { name: 'RUN', help: 'a run' },
    { name: 'IMAGE', help: 'pictures', repeated: true },
  ],
  options: {
    json: { kind: 'flag', help: 'print JSON', short: 'j' },
    out: { kind: 'text', value: 'DIR', help: 'where to', required: true },
    epochs: { kind: 'integer', value: 'N', minimum: 1, help: 'how long' },
    target: { kind: 'choice', choices: ['ts', 'tfjs'], help: 'what to write' },
    set: { kind: 'list', value: 'NAME=VALUE', help: 'a parameter' },
  },
  run: () => Promise.resolve(0),
});

const call = (line: string) => parseArguments(command, line.split(' '));

/** The sentences and help of what is wrong with a line. */
function wrong(line: string): readonly string[] {
  const parsed = call(line);
  return parsed.kind === 'wrong'
    ? parsed.diagnostics.flatMap(({ message, help }) => [message, ...help])
    : [];
}

describe('a call', () => {
  test('has its arguments in order and its options by name', () => {
    expect(call('r a.png --out p b.png -j --epochs 3 --target=tfjs --set a=1 --set b=2')).toEqual({
      kind: 'call',
      invocation: {
        arguments: ['r', 'a.png', 'b.png'],
        options: { json: true, out: 'p', epochs: 3, target: 'tfjs', set: ['a=1', 'b=2'] },
      },
    });
  });

  test('has empty values for options that are not given', () => {
    const parsed = call('r - --out=-p');
    expect(parsed).toMatchObject({
      invocation: {
        arguments: ['r', '-'],
        options: { json: false, out: '-p', epochs: undefined, set: [] },
      },
    });
  });

  test('takes everything behind -- as arguments', () => {
    expect(call('--out p r -- --json')).toMatchObject({
      invocation: { arguments: ['r', '--json'] },
    });
  });

  test('is a wish for help as soon as help is asked for', () => {
    expect(call('--nonsense --help').kind).toBe('help');
    expect(call('-h').kind).toBe('help');
  });
});

describe('a mistake', () => {
  test.each([
    [
      'r a --out p --lr 3',
      [
        '"unetc paint" has no option "--lr".',
        'Parameters are set by "--set lr=VALUE", where the spec declares them: "train UNet(lr: float = 0.001) { ... }".',
        'Options of "unetc paint": --json, --out, --epochs, --target, --set, --help.',
      ],
    ],
    ['r a --out p --jsn', ['"unetc paint" has no option "--jsn".', 'Did you mean "--json"?']],
    [
      'r a --out p -x',
      [
        '"unetc paint" has no option "-x".',
        'Options of "unetc paint": --json, --out, --epochs, --target, --set, --help.',
      ],
    ],
    [
      'r a --out p --toString',
      [
        '"unetc paint" has no option "--toString".',
        'Parameters are set by "--set toString=VALUE", where the spec declares them: "train UNet(toString: float = 0.001) { ... }".',
        'Options of "unetc paint": --json, --out, --epochs, --target, --set, --help.',
      ],
    ],
    ['r a --out', ['The option "--out" needs a value; expected DIR.']],
    ['r a --out --json', ['The option "--out" needs a value; expected DIR.']],
    ['r a --out=', ['The option "--out" cannot be ""; expected DIR.']],
    [
      'r a --out p --epochs x',
      ['The option "--epochs" cannot be "x"; expected a whole number from 1 on.'],
    ],
    [
      'r a --out p --epochs -3',
      ['The option "--epochs" cannot be "-3"; expected a whole number from 1 on.'],
    ],
    [
      'r a --out p --epochs 1e9',
      ['The option "--epochs" cannot be "1e9"; expected a whole number from 1 on.'],
    ],
    [
      'r a --out p --target tjfs',
      ['The option "--target" cannot be "tjfs"; expected "ts" or "tfjs".', 'Did you mean "tfjs"?'],
    ],
    ['r a --out p --json=yes', ['The option "--json" takes no value; found "yes".']],
    ['r --out p', ['"unetc paint" needs more arguments; expected RUN (a run), IMAGE (pictures).']],
    ['r a', ['"unetc paint" needs the option "--out DIR".']],
  ])('%s', (line, said) => expect(wrong(line)).toEqual(said));

  test('does not hide another', () => {
    expect(wrong('--jsn --epochs 0')).toHaveLength(5);
  });
});

test('arguments too many are refused', () => {
  const narrow = { ...command, arguments: [{ name: 'SPEC', help: 'a spec' }], options: {} };
  expect(parseArguments(narrow, ['a', 'b'])).toMatchObject({
    diagnostics: [
      { message: '"unetc paint" does not take the argument "b"; expected SPEC (a spec).' },
    ],
  });
});

test('help follows from the description', () => {
  expect(renderCommandHelp(command)).toBe(`unetc paint RUN IMAGE... --out DIR [options]

Paints pictures.

Arguments:
  RUN    a run
  IMAGE  pictures

Options:
  -j, --json            print JSON
      --out DIR         where to
      --epochs N        how long
      --target ts|tfjs  what to write
      --set NAME=VALUE  a parameter (may be repeated)
  -h, --help            show this text

Exit codes: 0 fine, 1 the input has errors, 2 wrong usage, 70 a bug of unetc.
`);
});
