import type { WebgpuBackend } from './backend.js';
import type { Program } from './program.js';

/** Rows of a tile of the product, its steps along the inner axis, threads along each axis. */
const tileRows = 64;
const step = 16;
const across = 16;

/** Columns of a tile: as few as cover the product, so that small ones waste little. */
const tileWidths = [16, 32, 64] as const;
type TileWidth = (typeof tileWidths)[number];

/** A product of two matrices that are read from other arrays, [m, k] by [k, n]. */
export interface Factors<Uniform extends string> {
  readonly name: string;
  readonly inputs: Program['inputs'];
  /** What the functions below read; `m`, `n`, `k`, `parts` are there without. */
  readonly uniforms: Readonly<Record<Uniform, 'u32'>>;
  /** The body of `fn left(row: u32, inner: u32) -> f32`, for a row and an inner index in range. */
  readonly left: string;
  /** The body of `fn right(inner: u32, column: u32) -> f32`. */
  readonly right: string;
  /** The body of `fn place(row: u32, column: u32) -> u32`: where a value of the product goes. */
  readonly place: string;
  /** Along which index neighbouring values of the factors lie side by side. */
  readonly nearBy: { readonly left: 'row' | 'inner'; readonly right: 'inner' | 'column' };
}

type ProductUniform = 'm' | 'n' | 'k' | 'parts' | 'plane';

/** The width of a tile for that many columns. */
const tileWidthFor = (columns: number): TileWidth =>
  tileWidths.find((width) => columns <= width) ?? 64;

/** Tiles of a product of that many rows and columns. */
export const tilesOf = (rows: number, columns: number): number =>
  Math.ceil(rows / tileRows) * Math.ceil(columns / tileWidthFor(columns));

/** Workgroups of a product; one dimension of a grid may be too short for its tiles. */
export function productGroups(
  { device }: WebgpuBackend,
  rows: number,
  columns: number,
  parts: number,
): readonly [number, number, number] {
  const tiles = tilesOf(rows, columns);
  const lines = Math.ceil(tiles / device.limits.maxComputeWorkgroupsPerDimension);
  return [Math.ceil(tiles / lines), lines, parts];
}

/**
 * The program of a product. A workgroup makes a tile of 64 rows: it brings 16 steps of both
 * factors into memory that its threads share, and each thread adds its 4 rows by some columns
 * of them. The inner axis may be cut into parts, whose products lie `plane` values apart for
 * another program to add.
 */
function matrixProduct<Uniform extends string>(
  { name, inputs, uniforms, left, right, place, nearBy }: Factors<Uniform>,
  width: TileWidth,
): Program<Uniform | ProductUniform> {
  const rows = Array.from({ length: tileRows / across }, (_, at) => at);
  const columns = Array.from({ length: width / across }, (_, at) => at);
  const cells = rows.flatMap((r) => columns.map((c) => [r, c] as const));
  // One value more between rows: threads that write a column then meet different banks.
  const [leftStride, rightStride] = [tileRows + 1, width + 1];
  const bring = (side: 'left' | 'right', length: number, isInnerFirst: boolean): string => `
    for (var index = local; index < ${step * length}u; index += ${across * across}u) {
      ${
        isInnerFirst
          ? `let inner = index % ${step}u; let other = index / ${step}u;`
          : `let inner = index / ${length}u; let other = index % ${length}u;`
      }
      var value = 0.0;
      if (start + inner < end && ${side === 'left' ? 'firstRow' : 'firstColumn'} + other < uniforms.${side === 'left' ? 'm' : 'n'}) {
        value = ${side === 'left' ? 'left(firstRow + other, start + inner)' : 'right(start + inner, firstColumn + other)'};
      }
      ${side}Tile[inner * ${side === 'left' ? leftStride : rightStride}u + other] = value;
    }`;
  return {
    name: `${name}, tiles of ${width}`,
    inputs,
    outputs: ['product'],
    uniforms: {
      ...({ m: 'u32', n: 'u32', k: 'u32', parts: 'u32', plane: 'u32' } as const),
      ...uniforms,
    } as Record<Uniform | ProductUniform, 'u32'>,
    code: `
fn left(row: u32, inner: u32) -> f32 {
  ${left}
}
fn right(inner: u32, column: u32) -> f32 {
  ${right}
}
fn place(row: u32, column: u32) -> u32 {
  ${place}
}
var<workgroup> leftTile: array<f32, ${step * leftStride}>;
var<workgroup> rightTile: array<f32, ${step * rightStride}>;
@compute @workgroup_size(${across * across})
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) grid: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let tile = group.y * grid.x + group.x;
  let tileColumns = (uniforms.n + ${width - 1}u) / ${width}u;
  let firstColumn = tile % tileColumns * ${width}u;
  let firstRow = tile / tileColumns * ${tileRows}u;
  if (firstRow >= uniforms.m) { return; }
  let column = local % ${across}u;
  let row = local / ${across}u;
  // Whole steps for each part but the last.
  let length = (uniforms.k + uniforms.parts * ${step}u - 1u) / (uniforms.parts * ${step}u) * ${step}u;
  let begin = group.z * length;
  let end = min(uniforms.k, begin + length);
  ${cells.map(([r, c]) => `var s${r}${c} = 0.0;`).join(' ')}
  for (var start = begin; start < end; start += ${step}u) {
    workgroupBarrier();
    ${bring('left', tileRows, nearBy.left === 'inner')}
    ${bring('right', width, nearBy.right === 'inner')}
    workgroupBarrier();
    for (var inner = 0u; inner < ${step}u; inner++) {
      ${rows.map((r) => `let l${r} = leftTile[inner * ${leftStride}u + row + ${r * across}u];`).join(' ')}
      ${columns.map((c) => `let r${c} = rightTile[inner * ${rightStride}u + column + ${c * across}u];`).join(' ')}
      ${cells.map(([r, c]) => `s${r}${c} += l${r} * r${c};`).join(' ')}
    }
  }
  ${cells
    .map(
      ([r, c]) => `
  if (firstRow + row + ${r * across}u < uniforms.m && firstColumn + column + ${c * across}u < uniforms.n) {
    product[group.z * uniforms.plane + place(firstRow + row + ${r * across}u, firstColumn + column + ${c * across}u)] = s${r}${c};
  }`,
    )
    .join('')}
}`,
  };
}

/** One program for each width of a tile. */
export function productsOf<Uniform extends string>(
  factors: Factors<Uniform>,
): (columns: number) => Program<Uniform | ProductUniform> {
  const programs = new Map(tileWidths.map((width) => [width, matrixProduct(factors, width)]));
  return (columns) => programs.get(tileWidthFor(columns))!;
}
