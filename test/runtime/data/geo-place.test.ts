import { describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeArrayBuffer } from 'geotiff';
import { geoFiles, readGeoPlace, type GeoPlace } from '../../../src/runtime/data/geo-place.js';
import { inFolder, png } from './support/folders.js';

const plain = {
  width: 3,
  height: 2,
  ModelPixelScale: [10, 5, 0],
  ModelTiepoint: [0, 0, 0, 500_000, 4_200_000, 0],
  GTModelTypeGeoKey: 1,
  GTRasterTypeGeoKey: 1,
  ProjectedCSTypeGeoKey: 32_633,
};

async function placeOf(metadata: Readonly<Record<string, unknown>>): Promise<GeoPlace | undefined> {
  let place: GeoPlace | undefined;
  await inFolder(async (folder) => {
    const path = join(folder, 'a.tif');
    const bytes = writeArrayBuffer(Uint8Array.of(1, 2, 3, 4, 5, 6), { ...metadata });
    writeFileSync(path, Buffer.from(bytes as ArrayBuffer));
    place = await readGeoPlace(path);
  });
  return place;
}

const grid = { origin: [500_000, 4_200_000], across: [10, 0], down: [0, -5], epsg: 32_633 };

describe('the place of a GeoTIFF', () => {
  test('by a tie point and the size of a pixel', async () => {
    expect(await placeOf(plain)).toEqual(grid);
  });

  test('by a tie point inside the image', async () => {
    const ModelTiepoint = [1, 2, 0, 500_010, 4_199_990, 0];
    expect(await placeOf({ ...plain, ModelTiepoint })).toEqual(grid);
  });

  test('of pixels that are points is that of their corners', async () => {
    expect(await placeOf({ ...plain, GTRasterTypeGeoKey: 2 })).toEqual({
      ...grid,
      origin: [499_995, 4_200_002.5],
    });
  });

  test('without a known system', async () => {
    expect(await placeOf({ ...plain, ProjectedCSTypeGeoKey: 32_767 })).toEqual({
      ...grid,
      epsg: undefined,
    });
  });

  test('of a turned image is not known, nor that of another file', async () => {
    expect(await placeOf({ ...plain, Orientation: 6 })).toBeUndefined();
    expect(await readGeoPlace('/nowhere/a.tif')).toBeUndefined();
    expect(await readGeoPlace('a.png')).toBeUndefined();
  });
});

test('a world file and a description for GDAL say it', () => {
  const files = geoFiles(grid as unknown as GeoPlace);
  expect(Object.fromEntries(files)).toEqual({
    '.pgw': '10\n0\n0\n-5\n500005\n4199997.5\n',
    '.png.aux.xml': [
      '<PAMDataset>',
      '  <SRS>EPSG:32633</SRS>',
      '  <GeoTransform>500000, 10, 0, 4200000, 0, -5</GeoTransform>',
      '</PAMDataset>',
      '',
    ].join('\n'),
  });
});

const gdal = spawnSync('gdalinfo', ['--version']).status === 0 ? test : test.skip;
gdal('GDAL finds a picture where its image is (skipped without gdalinfo)', async () => {
  await inFolder(async (folder) => {
    for (const [ending, text] of geoFiles(grid as unknown as GeoPlace)) {
      writeFileSync(join(folder, `mask${ending}`), text);
    }
    const path = join(folder, 'mask.png');
    writeFileSync(path, await png(3, 2, 1, [1, 2, 3, 4, 5, 6]));
    const { stdout } = spawnSync('gdalinfo', ['-json', path], { encoding: 'utf8' });
    const found = JSON.parse(stdout) as {
      readonly geoTransform: readonly number[];
      readonly coordinateSystem: { readonly wkt: string };
    };
    expect(found.geoTransform).toEqual([500_000, 10, 0, 4_200_000, 0, -5]);
    expect(found.coordinateSystem.wkt).toContain('32633');
  });
});
