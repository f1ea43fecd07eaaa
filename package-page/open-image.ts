import type { AskedImage } from '../src/runtime/package/page/messages.js';

/** An image for the worker: a file of numpy as it is, any other one as the browser decodes it. */
export async function openImage(file: Blob, name: string): Promise<AskedImage> {
  if (name.endsWith('.npy'))
    return { kind: 'npy', bytes: new Uint8Array(await file.arrayBuffer()) };
  // Values as the file has them: no colour profile, no alpha multiplied in.
  const bitmap = await createImageBitmap(file, {
    ...{ colorSpaceConversion: 'none', premultiplyAlpha: 'none', imageOrientation: 'from-image' },
  });
  const { width, height } = bitmap;
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('This browser gives no canvas of that size.');
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const { data } = context.getImageData(0, 0, width, height);
  return { kind: 'rgba', width, height, data: new Uint8Array(data.buffer) };
}
