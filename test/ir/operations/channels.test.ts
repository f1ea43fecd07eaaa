import { describe, expect, test } from '@jest/globals';
import { compileText } from '../../../src/compile.js';
import { emitPyTorch } from '../../../src/codegen/pytorch/emit.js';
import type { Formula } from '../../../src/ir/formula.js';
import { channelFormula, channelsOut } from '../../../src/ir/operations/channels-out.js';
import type { Op } from '../../../src/ir/operations/ops.js';

const parameter = (name: string): Formula => ({ kind: 'parameter', name });
const number = (value: number): Formula => ({ kind: 'number', value });

describe('channels of an operation', () => {
  const shuffle: Op = { kind: 'pixel_shuffle', factor: 2, order: 'channels_first' };

  test('are a number and a formula by one rule', () => {
    const terms = [{ count: 16, formula: parameter('c') }];
    expect(channelsOut(shuffle, [16])).toBe(4);
    expect(channelFormula(shuffle, terms)).toEqual({
      kind: 'binary',
      operator: '/',
      left: parameter('c'),
      right: number(4),
    });
    expect(channelsOut({ kind: 'is_largest', channel: 2 }, [3])).toBe(1);
    expect(channelFormula({ kind: 'is_largest', channel: 2 }, terms)).toEqual(number(1));
  });

  test('that cannot go in are a problem', () => {
    expect(channelsOut(shuffle, [6])).toEqual({ kind: 'uneven', channels: 6, parts: 4 });
    expect(channelsOut({ kind: 'add' }, [2, 3])).toEqual({ kind: 'differ', found: '2 and 3' });
    expect(channelsOut({ kind: 'multiply' }, [3, 1, 2])).toMatchObject({ kind: 'differ' });
  });

  test('are those of the widest tensor of gates, of one channel those that may be more', () => {
    const gate = { count: 1, formula: number(1) };
    const multiply: Op = { kind: 'multiply' };
    expect(channelFormula(multiply, [gate, { count: 8, formula: number(8) }])).toEqual(number(8));
    expect(channelFormula(multiply, [gate, { count: 1, formula: parameter('c') }])).toEqual(
      parameter('c'),
    );
  });
});

test('a class of a gated block takes more channels than its first call has', () => {
  const { models } = compileText(
    'gate.unet',
    `model Gate() {
      input image: [H, W, 1]
      wires {
        a = image -> gated
        wide = a -> conv(8, 3)
        b = wide -> gated
      }
      head mask: b -> conv(1, 1) -> sigmoid
    }
    block gated = [in -> conv(1, 1) -> sigmoid, in] -> multiply -> batch_norm`,
  );
  const { value } = emitPyTorch(models, { file: 'gate.unet' });
  const gated = value!.text.slice(value!.text.indexOf('class Gated('));
  expect(gated).toMatch(/super\(\).__init__\(channels\)/);
});
