/** Definitions of convolutions in float64, on images [n, h, w, c] stored side by side. */
import type * as tf from '../../../../src/runtime/tensorflow.js';

/** Calls `visit` for every product of a convolution: places in the image, the filter and the output. */
export function forEachProduct(
  info: tf.backend_util.Conv2DInfo,
  visit: (image: number, filter: number, output: number) => void,
): void {
  const { padInfo, inChannels, outChannels } = info;
  let output = 0;
  for (let n = 0; n < info.batchSize; n++) {
    for (let oy = 0; oy < info.outHeight; oy++) {
      for (let ox = 0; ox < info.outWidth; ox++, output += outChannels) {
        for (let i = 0; i < info.filterHeight; i++) {
          const y = oy * info.strideHeight - padInfo.top + i * info.dilationHeight;
          if (y < 0 || y >= info.inHeight) continue;
          for (let j = 0; j < info.filterWidth; j++) {
            const x = ox * info.strideWidth - padInfo.left + j * info.dilationWidth;
            if (x < 0 || x >= info.inWidth) continue;
            const image = ((n * info.inHeight + y) * info.inWidth + x) * inChannels;
            const filter = (i * info.filterWidth + j) * inChannels * outChannels;
            for (let c = 0; c < inChannels; c++) {
              for (let o = 0; o < outChannels; o++) {
                visit(image + c, filter + c * outChannels + o, output + o);
              }
            }
          }
        }
      }
    }
  }
}
