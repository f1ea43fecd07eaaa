import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import {
  readZoo,
  renderZooModule,
  renderZooPage,
  renderZooPictures,
  zooModule,
  zooPage,
  zooPictures,
} from '../../scripts/render-zoo.js';
import { zooNames } from './networks.js';

describe('what is made from the specs is up to date: run "npm run generate"', () => {
  const zoo = readZoo();

  test('the page', async () => {
    expect(readFileSync(zooPage, 'utf8')).toBe(await renderZooPage(zoo));
  });

  test('its pictures', async () => {
    const pictures = await renderZooPictures(zoo);
    expect(
      readdirSync(zooPictures)
        .map((file) => `${zooPictures}/${file}`)
        .sort(),
    ).toEqual([...pictures.keys()].sort());
    for (const [path, picture] of pictures) expect(readFileSync(path, 'utf8')).toBe(picture);
  });

  test('the list of "unetc init"', async () => {
    expect(readFileSync(zooModule, 'utf8')).toBe(await renderZooModule(zoo));
  });
});

test.each(zooNames)('%s names its paper, and imports the standard library alone', (name) => {
  const text = readFileSync(`specs/zoo/${name}.unet`, 'utf8');
  const [, comment] = /((?:^\/\/\/.*\n)+)model /m.exec(text)!;
  expect(comment).toMatch(/\b20\d\d\b/);
  const imported = [...text.matchAll(/^import .* from "(.*)"/gm)].map(([, path]) => path);
  expect(imported.filter((path) => !path!.startsWith('std/'))).toEqual([]);
});
