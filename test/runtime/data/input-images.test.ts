import { describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { listInputImages, readPixels } from '../../../src/runtime/data/input-images.js';
import { inFolder, png, writeFiles } from './support/folders.js';

describe('images to predict', () => {
  it('a file, a folder, a folder with the folder "images"', async () => {
    await inFolder(async (folder) => {
      const image = await png(1, 1, 1, [51]);
      writeFiles(folder, {
        'plain/b.c.png': image,
        'plain/a.tif': image,
        'plain/.hidden.png': image,
        'plain/inside/a.png': image,
        'plain/out/a.mask.png': image,
        'set/images/x.png': image,
        'set/masks/x.png': image,
        'set/other.png': image,
        'none/readme.md': image,
      });
      const names = async (path: string): Promise<string[]> => {
        const { value } = listInputImages(join(folder, path), join(folder, 'plain/out'));
        return value.map((input) => `${input.name}: ${input.path.slice(folder.length + 1)}`);
      };
      expect(await names('plain')).toEqual([
        'a: plain/a.tif',
        'b.c: plain/b.c.png',
        'inside/a: plain/inside/a.png',
      ]);
      expect(await names('plain/b.c.png')).toEqual(['b.c: plain/b.c.png']);
      expect(await names('set')).toEqual(['x: set/images/x.png']);
      const codes = async (path: string): Promise<string[]> =>
        listInputImages(join(folder, path), join(folder, 'plain/out')).diagnostics.map(
          (d) => d.code,
        );
      expect(await codes('none')).toEqual(['UNET6006', 'UNET6002']);
      expect(await codes('nowhere')).toEqual(['UNET6007']);
    });
  });

  it('are read as values of the network, or refused', async () => {
    await inFolder(async (folder) => {
      writeFiles(folder, { 'a.png': await png(1, 1, 1, [51]), 'b.png': Buffer.from('no') });
      const pixels = (await readPixels(join(folder, 'a.png'), 3)).value!;
      expect(pixels.channels).toBe(3);
      for (const value of pixels.data) expect(value).toBeCloseTo(0.2, 6);
      const refused = await readPixels(join(folder, 'a.png'), 2);
      expect([refused.value, refused.diagnostics[0]!.code]).toEqual([undefined, 'UNET6016']);
      const broken = await readPixels(join(folder, 'b.png'), 1);
      expect([broken.value, broken.diagnostics[0]!.code]).toEqual([undefined, 'UNET6010']);
    });
  });
});
