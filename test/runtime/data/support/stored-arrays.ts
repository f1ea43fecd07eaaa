import { deflateSync } from 'node:zlib';

/** Numbers of one kind as bytes, in an order of bytes. */
type Code = 'u1' | 'u2' | 'u4' | 'i2' | 'i4' | 'f4' | 'f8';

const writers: Readonly<
  Record<Code, (view: DataView, at: number, value: number, isLittle: boolean) => void>
> = {
  u1: (view, at, value) => view.setUint8(at, value),
  u2: (view, at, value, isLittle) => view.setUint16(at, value, isLittle),
  u4: (view, at, value, isLittle) => view.setUint32(at, value, isLittle),
  i2: (view, at, value, isLittle) => view.setInt16(at, value, isLittle),
  i4: (view, at, value, isLittle) => view.setInt32(at, value, isLittle),
  f4: (view, at, value, isLittle) => view.setFloat32(at, value, isLittle),
  f8: (view, at, value, isLittle) => view.setFloat64(at, value, isLittle),
};

function bytesOf(values: readonly number[], code: Code, isLittle: boolean): Buffer {
  const size = Number(code[1]);
  const view = new DataView(new ArrayBuffer(size * values.length));
  for (const [at, value] of values.entries()) writers[code](view, at * size, value, isLittle);
  return Buffer.from(view.buffer);
}

/** A file of numpy's format NPY, version 1, in the order of C or Fortran. */
export function writeNpy(
  values: readonly number[],
  shape: readonly number[],
  code: Code | 'b1',
  isFortran = false,
): Buffer {
  const [height = 0, width = 0, channels = 1] = shape;
  const ordered = isFortran
    ? values.map((_, at) => {
        const [y, rest] = [at % height, Math.floor(at / height)];
        return values[(y * width + (rest % width)) * channels + Math.floor(rest / width)]!;
      })
    : values;
  const order = code === 'b1' || code === 'u1' ? '|' : '<';
  const fields = `'descr': '${order}${code}', 'fortran_order': ${isFortran ? 'True' : 'False'}, 'shape': (${shape.join(', ')}), `;
  const header = `{${fields}}`.padEnd(117) + '\n';
  const length = Buffer.from([header.length & 255, header.length >> 8]);
  const head = Buffer.concat([Buffer.from('\x93NUMPY\x01\0', 'latin1'), length]);
  return Buffer.concat([
    head,
    Buffer.from(header),
    bytesOf(ordered, code === 'b1' ? 'u1' : code, true),
  ]);
}

/** How the samples of a TIFF are stored. */
export interface TiffKind {
  readonly width: number;
  readonly height: number;
  readonly bands: number;
  readonly code: Code;
  /** Samples of each page, by pixel. */
  readonly pages: readonly (readonly number[])[];
  readonly isLittle?: boolean;
  /** Places of 64 bits: BigTIFF. */
  readonly isBig?: boolean;
  /** A plane for each band. */
  readonly isApart?: boolean;
  /** Squares of 16 pixels, in place of strips of 7 rows. */
  readonly isTiled?: boolean;
  readonly packing?: 'none' | 'deflate' | 'bits';
  readonly predictor?: 1 | 2 | 3;
  readonly photometric?: number;
  readonly extra?: number;
  /** Whether a page of a quarter of the size follows each page. */
  readonly hasCopies?: boolean;
}

/** A TIFF of any of these kinds. */
export function writeTiff(kind: TiffKind): Buffer {
  const { isLittle = true, isBig = false } = kind;
  const parts: Buffer[] = [];
  let length = 0;
  const add = (bytes: Buffer): number => {
    const place = length;
    parts.push(bytes);
    length += bytes.length;
    return place;
  };
  const word = (value: number): Buffer => {
    if (!isBig) return bytesOf([value], 'u4', isLittle);
    const bytes = Buffer.alloc(8);
    if (isLittle) bytes.writeBigUInt64LE(BigInt(value));
    else bytes.writeBigUInt64BE(BigInt(value));
    return bytes;
  };
  const short = (value: number): Buffer => bytesOf([value], 'u2', isLittle);
  add(Buffer.from(isLittle ? 'II' : 'MM'));
  add(short(isBig ? 43 : 42));
  if (isBig) add(Buffer.concat([short(8), short(0)]));
  const links = [add(word(0))];
  const pages = kind.pages.flatMap((samples) => [
    { ...kind, samples, isCopy: false },
    ...(kind.hasCopies === true
      ? [{ ...kind, width: 1, height: 1, samples: samples.slice(0, kind.bands), isCopy: true }]
      : []),
  ]);
  for (const page of pages) {
    const blocks = blocksOf(page, isLittle);
    const places = blocks.map(add);
    const side = Math.ceil(page.height / 7) > 1 ? 7 : page.height;
    const fields: (readonly [tag: number, code: 'u2' | 'u4', values: readonly number[]])[] = [
      [254, 'u4', [page.isCopy ? 1 : 0]],
      [256, 'u2', [page.width]],
      [257, 'u2', [page.height]],
      [258, 'u2', new Array<number>(page.bands).fill(8 * Number(page.code[1]))],
      [259, 'u2', [{ none: 1, deflate: 8, bits: 32_773 }[page.packing ?? 'none']]],
      [262, 'u2', [page.photometric ?? 1]],
      ...(page.isTiled === true ? [] : [[273, 'u4', places] as const]),
      [277, 'u2', [page.bands]],
      ...(page.isTiled === true
        ? []
        : [
            [278, 'u2', [side]] as const,
            [279, 'u4', blocks.map((block) => block.length)] as const,
          ]),
      [284, 'u2', [page.isApart === true ? 2 : 1]],
      [317, 'u2', [page.predictor ?? 1]],
      ...(page.isTiled === true
        ? [
            [322, 'u2', [16]] as const,
            [323, 'u2', [16]] as const,
            [324, 'u4', places] as const,
            [325, 'u4', blocks.map((block) => block.length)] as const,
          ]
        : []),
      ...(page.extra === undefined ? [] : [[338, 'u2', [page.extra]] as const]),
      [339, 'u2', new Array<number>(page.bands).fill({ u: 1, i: 2, f: 3 }[page.code[0] as 'u'])],
    ];
    const entries = fields.map(([tag, code, values]) => {
      const bytes = bytesOf(values, code, isLittle);
      const room = isBig ? 8 : 4;
      const own =
        bytes.length <= room
          ? Buffer.concat([bytes, Buffer.alloc(room - bytes.length)])
          : word(add(bytes));
      return Buffer.concat([short(tag), short(code === 'u2' ? 3 : 4), word(values.length), own]);
    });
    const place = length;
    add(isBig ? word(entries.length) : short(entries.length));
    entries.forEach(add);
    const link = add(word(0));
    const all = Buffer.concat(parts);
    word(place).copy(all, links.at(-1)!);
    parts.splice(0, parts.length, all);
    links.push(link);
  }
  return Buffer.concat(parts);
}

type Page = TiffKind & { readonly samples: readonly number[] };

/** The strips or tiles of a page, packed. */
function blocksOf(page: Page, isLittle: boolean): Buffer[] {
  const { width, height, bands, isApart = false, isTiled = false, samples } = page;
  const [across, down] = isTiled ? [16, 16] : [width, Math.ceil(height / 7) > 1 ? 7 : height];
  const blocks: Buffer[] = [];
  for (const planes of isApart
    ? Array.from({ length: bands }, (_, band) => [band])
    : [[...Array(bands).keys()]]) {
    for (let top = 0; top < height; top += down) {
      for (let left = 0; left < width; left += across) {
        const rows = isTiled ? down : Math.min(down, height - top);
        const own: number[][] = Array.from({ length: rows }, (_, y) =>
          Array.from({ length: across }, (__, x) =>
            planes.map((band) =>
              top + y < height && left + x < width
                ? samples[((top + y) * width + left + x) * bands + band]!
                : 0,
            ),
          ).flat(),
        );
        blocks.push(
          pack(Buffer.concat(own.map((row) => rowBytes(row, planes.length, page, isLittle))), page),
        );
      }
    }
  }
  return blocks;
}

function rowBytes(row: readonly number[], bands: number, page: Page, isLittle: boolean): Buffer {
  const { code, predictor = 1 } = page;
  const size = Number(code[1]);
  if (predictor === 2) {
    const most = 2 ** (8 * size);
    const apart = row.map((value, at) =>
      at < bands ? value : (value - row[at - bands]! + most) % most,
    );
    return bytesOf(apart, code, isLittle);
  }
  if (predictor === 1) return bytesOf(row, code, isLittle);
  // The highest bytes of all numbers first, then differences.
  const bytes = bytesOf(row, code, false);
  const sorted = Buffer.from(
    bytes.map((_, at) => bytes[(at % row.length) * size + Math.floor(at / row.length)]!),
  );
  return Buffer.from(sorted.map((byte, at) => (at < bands ? byte : byte - sorted[at - bands]!)));
}

function pack(bytes: Buffer, { packing = 'none' }: Page): Buffer {
  if (packing === 'none') return bytes;
  if (packing === 'deflate') return deflateSync(bytes);
  const found: number[] = [];
  for (let at = 0; at < bytes.length;) {
    let run = 1;
    while (run < 128 && bytes[at + run] === bytes[at]) run++;
    if (run > 1) found.push(257 - run, bytes[at]!);
    else found.push(0, bytes[at]!);
    at += run;
  }
  return Buffer.from(found);
}
