import { describe, expect, test } from '@jest/globals';
import { freeName, libraryPathOf, nameOf, readState, uriOf } from '../../studio/files.js';

test('names of files become addresses and come back', () => {
  for (const name of ['cells.unet', 'a/b c.unet', 'ä#?%.unet']) {
    expect(nameOf(uriOf(name))).toBe(name);
    expect(new URL(uriOf(name)).protocol).toBe('file:');
  }
  expect(nameOf('file:///std/resnet.unet')).toBeUndefined();
  expect(libraryPathOf('file:///std/resnet.unet')).toBe('std/resnet.unet');
});

test('a file has a name of its own, which stays inside the folder', () => {
  expect(freeName('net', [])).toBe('net.unet');
  expect(freeName('net.unet', ['net.unet', 'net-2.unet'])).toBe('net-3.unet');
  expect(freeName('../../etc/passwd', [])).toBe('etc/passwd.unet');
  expect(freeName('..', [])).toBe('net.unet');
});

describe('what a link holds is not believed', () => {
  test.each([
    null,
    'text',
    {},
    { files: [] },
    { files: [{ name: 'a', text: 1 }] },
    { files: [{ name: 3, text: '' }] },
    { files: Array.from({ length: 201 }, () => ({ name: 'a', text: '' })) },
  ])('%j is no state', (value) => {
    expect(readState(value)).toBeUndefined();
  });

  test('names are made fit, and the file that is shown exists', () => {
    const files = [
      { name: 'a', text: '1' },
      { name: 'a.unet', text: '2' },
    ];
    expect(readState({ files, current: 'other.unet' })).toEqual({
      files: [
        { name: 'a.unet', text: '1' },
        { name: 'a-2.unet', text: '2' },
      ],
      current: 'a.unet',
    });
  });
});
