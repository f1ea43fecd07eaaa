import { expect, test } from '@jest/globals';
import { encodeNpy } from '../../../src/runtime/data/encode-npy.js';
import { isNpy, readNpy } from '../../../src/runtime/data/npy.js';

test.each([
  [8, Uint8Array.of(0, 1, 254, 255, 7, 9)],
  [16, Uint16Array.of(0, 1, 65535, 300, 7, 9)],
  [32, Float32Array.of(0, -1.5, 3e38, 0.1, 7, 9)],
] as const)('an array of %d bits is read as it was written', (depth, data) => {
  const bytes = encodeNpy([1, 3, 2], data);
  expect(isNpy(bytes)).toBe(true);
  expect(readNpy(bytes)).toEqual({ height: 1, width: 3, channels: 2, depth, alpha: false, data });
});

test('numbers begin at a multiple of 64 bytes, and the header ends in a line break', () => {
  const bytes = encodeNpy([6], Uint8Array.from([1, 2, 3, 4, 5, 6]));
  expect(bytes.length - 6).toBe(128);
  expect(String.fromCharCode(...bytes.subarray(10, 128))).toMatch(
    /^\{'descr': '\|u1', 'fortran_order': False, 'shape': \(6,\), \} *\n$/,
  );
});
