/** What is done at prediction time beside predicting the image as it is. */
export type TestTimeAugmentation = 'flips';

/** Which axes of a window are turned around. */
export interface Mirror {
  readonly rows: boolean;
  readonly columns: boolean;
}

const asItIs: Mirror = { rows: false, columns: false };

/** The forms in which a window runs through the network; its prediction is the mean of theirs. */
export const mirrorsOf = (augmentation: TestTimeAugmentation | undefined): readonly Mirror[] =>
  augmentation === undefined
    ? [asItIs]
    : [
        asItIs,
        { rows: false, columns: true },
        { rows: true, columns: false },
        { rows: true, columns: true },
      ];

/** Values of a plane: height x width x channels. */
export interface Plane {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly data: Float32Array;
}

/**
 * The values of a plane that is turned around: its own array where it stays as it is. A
 * mirror undoes itself, so that this leads into a mirrored form and back.
 */
export function mirrored(plane: Plane, { rows, columns }: Mirror): Float32Array {
  const { height, width, channels, data } = plane;
  if (!rows && !columns) return data;
  const result = new Float32Array(data.length);
  const line = width * channels;
  for (let row = 0; row < height; row++) {
    const first = row * line;
    const from = (rows ? height - 1 - row : row) * line;
    if (!columns) {
      result.set(data.subarray(from, from + line), first);
      continue;
    }
    for (let column = 0; column < width; column++) {
      const source = from + (width - 1 - column) * channels;
      for (let c = 0; c < channels; c++) result[first + column * channels + c] = data[source + c]!;
    }
  }
  return result;
}
