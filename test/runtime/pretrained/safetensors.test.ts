import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  looksLikeSafetensors,
  openSafetensors,
} from '../../../src/runtime/pretrained/safetensors.js';
import { TensorFileError } from '../../../src/runtime/pretrained/tensor-file.js';
import { counted, withHeader, writeSafetensors } from './support.js';

const whole = writeSafetensors({ 'a.weight': counted([2, 3]), b: counted([], 5) });

test('reads names, shapes and values', () => {
  const { tensors } = openSafetensors(whole);
  expect(tensors.map(({ name, shape }) => [name, shape])).toEqual([
    ['a.weight', [2, 3]],
    ['b', []],
  ]);
  expect([...tensors[0]!.read()]).toEqual([0, 1, 2, 3, 4, 5]);
  expect([...tensors[1]!.read()]).toEqual([5]);
});

/** Values whose bits are known by heart: IEEE 754-2008, and bfloat16 as its upper half. */
test.each([
  ['F16', [0x3c00, 0xc000, 0x3555, 0x0001, 0x7bff], [1, -2, 0.333251953125, 2 ** -24, 65504]],
  ['BF16', [0x3f80, 0xc000, 0x3eab], [1, -2, 0.333984375]],
])('reads %s', (dtype, bits, values) => {
  const bytes = Buffer.from(Uint16Array.from(bits).buffer);
  const entry = { dtype, shape: [bits.length], data_offsets: [0, bytes.length] };
  const { tensors } = openSafetensors(withHeader(JSON.stringify({ x: entry }), bytes));
  expect([...tensors[0]!.read()]).toEqual(values);
});

test('reads doubles wherever they start; whole numbers are told as such', () => {
  const bytes = Buffer.alloc(1 + 8 + 8);
  bytes.writeDoubleLE(0.5, 1);
  bytes.writeBigInt64LE(-3n, 9);
  const header = JSON.stringify({
    skew: { dtype: 'U8', shape: [1], data_offsets: [0, 1] },
    double: { dtype: 'F64', shape: [1], data_offsets: [1, 9] },
    long: { dtype: 'I64', shape: [], data_offsets: [9, 17] },
  });
  const { tensors } = openSafetensors(withHeader(header, bytes));
  expect(tensors.map(({ isWhole }) => isWhole)).toEqual([true, false, true]);
  expect([...tensors[1]!.read()]).toEqual([0.5]);
});

describe('what is broken is told', () => {
  const entry = (more: object): string =>
    JSON.stringify({ x: { dtype: 'F32', shape: [2], data_offsets: [0, 8], ...more } });
  const two = (x: number[], y: number[]): string =>
    JSON.stringify({
      y: { dtype: 'F32', shape: [2], data_offsets: y },
      x: { dtype: 'F32', shape: [2], data_offsets: x },
    });
  test.each([
    ['a table that is cut short', whole.subarray(0, 30), 'cut short in its table of contents'],
    ['values that are cut short', whole.subarray(0, whole.length - 2), '"b" is not whole'],
    ['a table that is no JSON', withHeader('{"x": ', Buffer.alloc(8)), 'not a JSON object'],
    ['a table that is a list', withHeader('[1, 2]', Buffer.alloc(8)), 'not a JSON object'],
    ['an entry without a shape', withHeader('{"x":{}}', Buffer.alloc(8)), 'nothing usable of "x"'],
    ['a shape of its own', withHeader(entry({ shape: [3] }), Buffer.alloc(8)), 'another size'],
    ['places that go back', withHeader(entry({ data_offsets: [8, 0] }), Buffer.alloc(8)), '"x"'],
    ['tensors that overlap', withHeader(two([0, 8], [4, 12]), Buffer.alloc(12)), 'overlap'],
    ['two in one place', withHeader(two([0, 8], [0, 8]), Buffer.alloc(8)), 'overlap'],
    ['a gap', withHeader(two([0, 8], [12, 20]), Buffer.alloc(20)), 'a gap before "y"'],
    ['a gap at the start', withHeader(entry({ data_offsets: [4, 12] }), Buffer.alloc(12)), 'gap'],
    ['bytes of nobody', withHeader(entry({}), Buffer.alloc(11)), '3 bytes at its end'],
    ['a negative length', withHeader(entry({ shape: [-2] }), Buffer.alloc(8)), '"x"'],
  ])('%s', (_, bytes, reason) => {
    expect(() => openSafetensors(bytes)).toThrow(TensorFileError);
    expect(() => openSafetensors(bytes)).toThrow(reason);
  });

  test('a type of numbers that nobody knows, when it is read', () => {
    const file = openSafetensors(
      withHeader(entry({ dtype: 'F8_E4M3', shape: [8] }), Buffer.alloc(8)),
    );
    expect(() => file.tensors[0]!.read()).toThrow('type F8_E4M3');
  });

  test('any damage: an error of this kind, or values', () => {
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), fc.nat(whole.length), (at, byte, end) => {
        const bytes = Buffer.from(whole.subarray(0, Math.max(end, 10)));
        if (at < bytes.length) bytes[at] = byte;
        fc.pre(looksLikeSafetensors(bytes));
        try {
          for (const tensor of openSafetensors(bytes).tensors) tensor.read();
        } catch (error) {
          expect(error).toBeInstanceOf(TensorFileError);
        }
      }),
      { numRuns: 500, seed: 1 },
    );
  });
});
