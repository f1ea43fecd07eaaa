import type { GeoTIFFImage } from 'geotiff';
import { requireReadable } from '../../files/index.js';

/**
 * Where an image lies on the earth: x = origin[0] + column * across[0] + row * down[0], and y
 * in the same way, from the corner of the first pixel.
 */
export interface GeoPlace {
  readonly origin: readonly [x: number, y: number];
  /** The step to the next column. */
  readonly across: readonly [x: number, y: number];
  /** The step to the next row. */
  readonly down: readonly [x: number, y: number];
  /** The EPSG code of the coordinate system; undefined where the file names none. */
  readonly epsg: number | undefined;
}

/** A key of GeoTIFF that says "defined by the file itself". */
const USER_DEFINED = 32_767;
/** The value of `GTRasterTypeGeoKey` for pixels that are points: places are those of their centres. */
const PIXEL_IS_POINT = 2;

/**
 * The place of a GeoTIFF (OGC 19-008r4); undefined for other files, for one that is turned by
 * its orientation, and for one whose place is given by several points.
 */
export async function readGeoPlace(path: string): Promise<GeoPlace | undefined> {
  if (!/\.tiff?$/i.test(path)) return undefined;
  const { fromFile } = await import('geotiff');
  try {
    requireReadable(path, 'scene');
    const file = await fromFile(path);
    try {
      return await placeOf(await file.getImage(0));
    } finally {
      await file.close();
    }
  } catch {
    // What is wrong with the image was told when it was read; its place is then unknown.
    return undefined;
  }
}

async function placeOf(page: GeoTIFFImage): Promise<GeoPlace | undefined> {
  const numbers = async (tag: TagName): Promise<readonly number[]> => {
    const { fileDirectory } = page;
    if (!fileDirectory.hasTag(tag)) return [];
    const value: unknown = await fileDirectory.loadValue(tag);
    return typeof value === 'number' ? [value] : Array.from(value as ArrayLike<number>);
  };
  const [orientation = 1] = await numbers('Orientation');
  const grid = gridOf(
    await numbers('ModelTransformation'),
    await numbers('ModelTiepoint'),
    await numbers('ModelPixelScale'),
  );
  if (grid === undefined || orientation !== 1) return undefined;
  const keys = page.getGeoKeys() ?? {};
  const code = Number(keys.ProjectedCSTypeGeoKey ?? keys.GeographicTypeGeoKey);
  const epsg = code > 0 && code < USER_DEFINED ? code : undefined;
  if (keys.GTRasterTypeGeoKey !== PIXEL_IS_POINT) return { ...grid, epsg };
  const { origin, across, down } = grid;
  const corner = (axis: 0 | 1): number => origin[axis] - across[axis] / 2 - down[axis] / 2;
  return { across, down, origin: [corner(0), corner(1)], epsg };
}

type TagName = 'ModelTransformation' | 'ModelTiepoint' | 'ModelPixelScale' | 'Orientation';
type Grid = Omit<GeoPlace, 'epsg'>;

/** The grid that a matrix says, 4 x 4 by rows, or one tie point and the size of a pixel. */
function gridOf(
  matrix: readonly number[],
  tie: readonly number[],
  scale: readonly number[],
): Grid | undefined {
  if (matrix.length === 16) {
    const at = (row: number, column: number): number => matrix[4 * row + column]!;
    return {
      origin: [at(0, 3), at(1, 3)],
      across: [at(0, 0), at(1, 0)],
      down: [at(0, 1), at(1, 1)],
    };
  }
  if (tie.length !== 6 || scale.length < 2) return undefined;
  const [column, row, , x, y] = tie as [number, number, number, number, number];
  const [width, height] = scale as [number, number];
  return {
    origin: [x - column * width, y + row * height],
    across: [width, 0],
    down: [0, -height],
  };
}

/**
 * The files that tell programs for maps where a picture lies: a world file, of the centre of
 * the first pixel, and the description that GDAL reads, which names the coordinate system
 * too. By the endings of their names after that of the picture without `.png`.
 */
export function geoFiles({ origin, across, down, epsg }: GeoPlace): ReadonlyMap<string, string> {
  const centre = (axis: 0 | 1): number => origin[axis] + across[axis] / 2 + down[axis] / 2;
  const world = [across[0], across[1], down[0], down[1], centre(0), centre(1)];
  const transform = [origin[0], across[0], down[0], origin[1], across[1], down[1]];
  const system = epsg === undefined ? [] : [`  <SRS>EPSG:${epsg}</SRS>`];
  const description = [
    '<PAMDataset>',
    ...system,
    `  <GeoTransform>${transform.join(', ')}</GeoTransform>`,
    '</PAMDataset>',
  ];
  return new Map([
    ['.pgw', `${world.join('\n')}\n`],
    ['.png.aux.xml', `${description.join('\n')}\n`],
  ]);
}
