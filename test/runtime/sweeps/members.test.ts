import { describe, expect, test } from '@jest/globals';
import { combinationsOf, memberOf, splitValues } from '../../../src/runtime/sweeps/members.js';

describe('values of a list', () => {
  test.each<[string, readonly string[]]>([
    ['8,16', ['8', '16']],
    ['8, 16 ', ['8', '16']],
    ['[8,16],[16,32]', ['[8,16]', '[16,32]']],
    ['8 * [1,2],f(1,{2,3})', ['8 * [1,2]', 'f(1,{2,3})']],
    ['"a,b","c"', ['"a,b"', '"c"']],
    ['"a\\",b",c', ['"a\\",b"', 'c']],
    ['"[",8', ['"["', '8']],
    ['8,,16', ['8', '', '16']],
    // What does not balance is for the compiler to tell.
    ['[8,16', ['[8,16']],
    ['8],16', ['8]', '16']],
  ])('%s', (text, values) => {
    expect(splitValues(text)).toEqual(values);
  });
});

test('members are all combinations, the last parameter changing first', () => {
  const variation = new Map([
    ['base', ['8', '16']],
    ['lr', ['1e-3', '3e-3']],
  ]);
  expect(combinationsOf(variation)).toEqual([
    { base: '8', lr: '1e-3' },
    { base: '8', lr: '3e-3' },
    { base: '16', lr: '1e-3' },
    { base: '16', lr: '3e-3' },
  ]);
  expect(combinationsOf(new Map())).toEqual([{}]);
});

describe('the folder of a member', () => {
  test('follows from its values, in whatever order they are given', () => {
    expect(memberOf({ lr: '1e-3', base: '8' }).name).toBe('base=8_lr=1e-3');
    expect(memberOf({ base: '8', lr: '1e-3' }).name).toBe('base=8_lr=1e-3');
    expect(memberOf({}, 2)).toEqual({ name: 'fold=2', set: {}, fold: 2 });
    expect(memberOf({ fold: '1' }, 2).name).toBe('fold=1_fold=2');
  });

  test('holds nothing that a file system refuses, and differs for different values', () => {
    const [one, other] = ['[8, 16]', '[8; 16]'].map((widths) => memberOf({ widths }).name);
    expect(one).toMatch(/^widths=-8-16--[0-9a-f]{6}$/);
    expect(other).toMatch(/^widths=-8-16--[0-9a-f]{6}$/);
    expect(one).not.toBe(other);
    const long = memberOf({ name: 'x'.repeat(300) }).name;
    expect(long.length).toBeLessThan(100);
    expect(memberOf({ path: '../../etc' }).name).not.toContain('/');
  });
});
