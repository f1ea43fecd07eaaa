import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { openTensorFile } from '../../../src/runtime/pretrained/open-tensor-file.js';
import { pictureFiles } from '../../../src/runtime/prediction/picture-files.js';
import { checkOutputs } from '../../../src/cli/output-files.js';
import { InputFiles } from '../../../src/files/index.js';
import { makeOddPlaces, type OddPlaces } from '../../files/odd-places.js';

let places: OddPlaces;
beforeAll(async () => {
  places = await makeOddPlaces();
  mkdirSync(places.at('model'));
});
afterAll(() => places.remove());

const weights = [{ name: 'a', shape: [1], dtype: 'float32' }];
const group = (paths: unknown): unknown => ({ weightsManifest: [{ paths, weights }] });

test.each([
  [null, /neither safetensors/],
  [[1], /neither safetensors/],
  [{}, /no "weightsManifest"/],
  [{ weightsManifest: {} }, /is not a list/],
  [{ weightsManifest: [null] }, /no list of file names/],
  [{ weightsManifest: [{ weights }] }, /no list of file names/],
  [group('abc'), /no list of file names/],
  [group([1]), /no list of file names/],
  [{ weightsManifest: [{ paths: ['x'] }] }, /no list of "weights"/],
  [{ weightsManifest: [{ paths: ['x'], weights: [{ name: 'a' }] }] }, /"a" .* no usable name/],
  [{ weightsManifest: [{ paths: [], weights: [...weights, ...weights] }] }, /"a" twice/],
  [group(['../../../../../../etc/passwd']), /outside of the folder/],
  [group(['../file']), /outside of the folder/],
  [group(['link']), /outside of the folder/],
  [group(['../pipe']), /a pipe/],
  [group(['a\0b']), /zero byte/],
])('%j is refused in words', async (model, reason) => {
  const path = places.at('model/model.json');
  writeFileSync(path, JSON.stringify(model));
  try {
    symlinkSync(places.at('file'), places.at('model/link'));
  } catch {
    // There already.
  }
  await expect(openTensorFile(path)).rejects.toMatchObject({
    reason: expect.stringMatching(reason),
  });
});

test('files of weights that are no files are refused', async () => {
  for (const [name, reason] of places.odd.filter(([each]) => each !== 'folder')) {
    const refusal = openTensorFile(places.at(name));
    await expect(refusal).rejects.toMatchObject({ reason: expect.stringMatching(reason) });
  }
});

test('a picture that would replace an image of the call is found before anything is painted', () => {
  for (const name of ['x.png', 'x.mask.png']) writeFileSync(places.at(name), '');
  const inputs = new InputFiles(['x.png', 'x.mask.png'].map((name) => places.at(name)));
  const { mask, overlay, probabilities } = pictureFiles(places.folder, 'x', {
    ...{ channels: 2, everyClass: true },
  });
  const found = checkOutputs([mask, overlay, ...probabilities], inputs);
  expect(found.map(({ message }) => message)).toEqual([
    expect.stringMatching(/x\.mask\.png" cannot be written: it is an input of this command/),
  ]);
});
