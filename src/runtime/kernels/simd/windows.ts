import type * as tf from '../../tensorflow.js';

/** The fields of `Windows` in `wasm/windows.ts`, in its order. */
interface Windows {
  /** Address of the images. */
  readonly image: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly rows: number;
  readonly columns: number;
  readonly allRows: number;
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  readonly strideHeight: number;
  readonly strideWidth: number;
  readonly dilationHeight: number;
  readonly dilationWidth: number;
  readonly top: number;
  readonly left: number;
  readonly bandRows: number;
}

/** Windows of images that may lie anywhere. */
export type WindowShape = Omit<Windows, 'image' | 'bandRows'>;

const order: readonly (keyof Windows)[] = [
  'image',
  'height',
  'width',
  'channels',
  'rows',
  'columns',
  'allRows',
  'kernelHeight',
  'kernelWidth',
  'strideHeight',
  'strideWidth',
  'dilationHeight',
  'dilationWidth',
  'top',
  'left',
  'bandRows',
];

/** Bytes that `writeWindows` fills. */
export const windowsBytes = order.length * 4;

/** Writes windows where the kernels read them: numbers of 32 bits from byte `address` of a heap. */
export function writeWindows(heap: ArrayBufferLike, address: number, windows: Windows): void {
  new Int32Array(heap, address, order.length).set(order.map((field) => windows[field]));
}

/** The windows of a convolution as TensorFlow.js describes it, all but their address and band. */
export function windowsOf(info: tf.backend_util.Conv2DInfo): WindowShape {
  return {
    height: info.inHeight,
    width: info.inWidth,
    channels: info.inChannels,
    rows: info.outHeight,
    columns: info.outWidth,
    allRows: info.batchSize * info.outHeight,
    kernelHeight: info.filterHeight,
    kernelWidth: info.filterWidth,
    strideHeight: info.strideHeight,
    strideWidth: info.strideWidth,
    dilationHeight: info.dilationHeight,
    dilationWidth: info.dilationWidth,
    top: info.padInfo.top,
    left: info.padInfo.left,
  };
}

/** Bytes of one row of a padded image. */
function paddedRow({
  columns,
  strideWidth,
  kernelWidth,
  dilationWidth,
  channels,
}: WindowShape): number {
  return ((columns - 1) * strideWidth + (kernelWidth - 1) * dilationWidth + 1) * channels * 4;
}

/** How many rows of windows are done together, and what their copy takes. */
export interface Band {
  readonly rows: number;
  /** Bytes of its padded images. */
  readonly bytes: number;
}

/** As many rows of windows as leave the padded images of a band about `budget` bytes, or `least`. */
export function bandOf(windows: WindowShape, budget: number, least = 1): Band {
  const row = paddedRow(windows);
  const { strideHeight, kernelHeight, dilationHeight, allRows } = windows;
  const reach = (kernelHeight - 1) * dilationHeight + 1;
  const fitting = Math.floor((budget / row - reach) / strideHeight) + 1;
  const rows = Math.min(Math.max(fitting, least), allRows);
  // A band that starts in one image and ends in others has the reach of a window for each.
  const images = Math.ceil((rows - 1) / windows.rows) + 1;
  return { rows, bytes: row * (rows * strideHeight + images * Math.max(reach - strideHeight, 0)) };
}
