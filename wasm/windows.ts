// What convolutions and their gradients share: where the windows of an image lie in memory.

/**
 * A convolution over images [n, h, w, c]. JavaScript writes the fields in this order as numbers of
 * four bytes; addresses are bytes in the memory that is shared with TensorFlow.js.
 */
@unmanaged
export class Windows {
  /** Address of the images. */
  image: usize;
  height: i32;
  width: i32;
  channels: i32;
  /** Windows along an image's height and width, and over all images: n * rows. */
  rows: i32;
  columns: i32;
  allRows: i32;
  kernelHeight: i32;
  kernelWidth: i32;
  strideHeight: i32;
  strideWidth: i32;
  dilationHeight: i32;
  dilationWidth: i32;
  /** Rows and columns of zeros before the image; below zero, rows and columns that are left out. */
  top: i32;
  left: i32;
  /** Rows of windows that are done together. */
  bandRows: i32;
}

/** Rows from the first tap of a window to its last. */
function reachHeight(windows: Windows): i32 {
  return (windows.kernelHeight - 1) * windows.dilationHeight + 1;
}

/** True where no window reaches beyond its image: they are read in place. */
export function isInside(windows: Windows): bool {
  const lastRow = (windows.rows - 1) * windows.strideHeight + reachHeight(windows);
  return (
    windows.top == 0 &&
    windows.left == 0 &&
    lastRow <= windows.height &&
    paddedWidth(windows) <= windows.width
  );
}

function paddedWidth(windows: Windows): i32 {
  const reach = (windows.kernelWidth - 1) * windows.dilationWidth + 1;
  return (windows.columns - 1) * windows.strideWidth + reach;
}

/** Bytes of one row of a padded image. */
export function paddedRow(windows: Windows): usize {
  return (<usize>(paddedWidth(windows) * windows.channels)) << 2;
}

/** Bytes from one window of a padded row to the next. */
export function windowStep(windows: Windows): usize {
  return (<usize>(windows.strideWidth * windows.channels)) << 2;
}

/**
 * A window is read in runs of values that lie side by side in a padded image: its rows, or its
 * taps where columns are dilated. How many there are.
 */
export function countRuns(windows: Windows): i32 {
  return windows.dilationWidth == 1
    ? windows.kernelHeight
    : windows.kernelHeight * windows.kernelWidth;
}

/** Values of one run. */
export function runLength(windows: Windows): i32 {
  return windows.dilationWidth == 1 ? windows.kernelWidth * windows.channels : windows.channels;
}

/** Bytes from the start of a window to that of a run in padded images, or in place. */
export function runOffset(windows: Windows, run: i32, inPlace: bool): usize {
  const taps = windows.dilationWidth == 1 ? 1 : windows.kernelWidth;
  const row = (run / taps) * windows.dilationHeight;
  const column = (run % taps) * windows.dilationWidth;
  const pitch = inPlace ? imageRow(windows) : paddedRow(windows);
  return <usize>row * pitch + ((<usize>(column * windows.channels)) << 2);
}

/** Bytes of one row of an image. */
function imageRow(windows: Windows): usize {
  return (<usize>(windows.width * windows.channels)) << 2;
}

/** Writes the address of each row of windows of a band that is read in place. */
export function pointBand(windows: Windows, firstRow: i32, endRow: i32, starts: usize): void {
  const pitch = imageRow(windows);
  for (let at = firstRow; at < endRow; at++) {
    const n = at / windows.rows;
    const y = n * windows.height + (at - n * windows.rows) * windows.strideHeight;
    store<u32>(starts, <u32>(windows.image + <usize>y * pitch));
    starts += 4;
  }
}

/**
 * Copies the rows of images that a band of windows reads to `target`, with zeros where the windows
 * reach beyond the image. A band may span images; each has rows of its own. Writes the address of
 * each row of windows to `starts`, four bytes each.
 */
export function packBand(
  windows: Windows,
  firstRow: i32,
  endRow: i32,
  target: usize,
  starts: usize,
): void {
  const row = paddedRow(windows);
  const reach = reachHeight(windows);
  const imageBytes = (<usize>(windows.height * windows.width * windows.channels)) << 2;
  let at = firstRow;
  while (at < endRow) {
    const n = at / windows.rows;
    const y = at - n * windows.rows;
    const count = min(windows.rows - y, endRow - at);
    const rows = (count - 1) * windows.strideHeight + reach;
    const image = windows.image + <usize>n * imageBytes;
    packRows(windows, image, y * windows.strideHeight - windows.top, rows, target);
    for (let k = 0; k < count; k++) {
      store<u32>(starts, <u32>(target + <usize>(k * windows.strideHeight) * row));
      starts += 4;
    }
    target += <usize>rows * row;
    at += count;
  }
}

/** Copies rows of one image, from `first` on, with zeros around them. */
function packRows(windows: Windows, image: usize, first: i32, rows: i32, target: usize): void {
  const pixel = (<usize>windows.channels) << 2;
  const width = paddedWidth(windows);
  const row = <usize>width * pixel;
  const before = min(max(windows.left, 0), width);
  const skipped = max(-windows.left, 0);
  const copied = max(min(windows.width - skipped, width - before), 0);
  const zerosBefore = <usize>before * pixel;
  const copiedBytes = <usize>copied * pixel;
  const zerosAfter = row - zerosBefore - copiedBytes;
  for (let y = first; y < first + rows; y++) {
    if (y < 0 || y >= windows.height || copied == 0) {
      memory.fill(target, 0, row);
    } else {
      const from = image + <usize>(y * windows.width + skipped) * pixel;
      if (zerosBefore > 0) memory.fill(target, 0, zerosBefore);
      memory.copy(target + zerosBefore, from, copiedBytes);
      if (zerosAfter > 0) memory.fill(target + zerosBefore + copiedBytes, 0, zerosAfter);
    }
    target += row;
  }
}
