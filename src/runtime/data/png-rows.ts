import { createDeflate } from 'node:zlib';
import { openOutput } from '../../files/index.js';
import type { Colour } from './mask-encoding.js';
import { pngChunk, pngSignature } from './png-chunk.js';

/** What an 8-bit PNG holds. */
export interface PngDescription {
  readonly width: number;
  readonly height: number;
  /** Grey or RGB. */
  readonly channels: 1 | 3;
  /** The colours that grey levels are indices into, at most 256. */
  readonly palette?: readonly Colour[] | undefined;
}

/** A PNG that is written row by row. Until `finish`, the path holds what it held before. */
export interface PngOutput {
  /** Adds whole rows of interleaved samples. Throws `FileError`. */
  write(rows: Uint8Array): Promise<void>;
  /** Ends what the file holds; all rows must have been written. Throws `FileError`. */
  end(): Promise<void>;
  /** Gives the file its name, ended if it is not yet. Throws `FileError`. */
  finish(): Promise<void>;
  /** Drops what was written, unless it is finished. Never throws. */
  abandon(): void;
}

/** Section 11.2.2 of the PNG specification. */
const colourTypes = { grey: 0, colour: 2, palette: 3 } as const;
/** Row filters, section 9.2: none for flat regions, which repeat; the difference to the row above for pictures. */
const filters = { none: 0, up: 2 } as const;

/** Begins a PNG at `path`, of which no more than some rows are in memory. Throws `FileError`. */
export async function openPng(path: string, description: PngDescription): Promise<PngOutput> {
  const { width, height, channels, palette } = description;
  const rowBytes = width * channels;
  const filter = channels === 3 ? filters.up : filters.none;
  const output = await openOutput(path);
  const deflate = createDeflate();
  let packed: Buffer[] = [];
  deflate.on('data', (bytes: Buffer) => packed.push(bytes));
  let above: Uint8Array = new Uint8Array(rowBytes);
  let written = 0;

  /** Writes what is packed by now as one chunk. */
  const drain = async (): Promise<void> => {
    if (packed.length === 0) return;
    const content = Buffer.concat(packed);
    packed = [];
    await output.write(pngChunk('IDAT', content));
  };
  let isEnded = false;
  const end = async (): Promise<void> => {
    if (isEnded) return;
    isEnded = true;
    if (written !== height) throw new Error(`${written} of ${height} rows written`);
    await new Promise<void>((resolve, reject) => {
      deflate.once('end', resolve).once('error', reject).end();
    });
    await drain();
    await output.write(pngChunk('IEND', new Uint8Array(0)));
  };
  try {
    await output.write(pngSignature);
    await output.write(pngChunk('IHDR', headerOf(description)));
    if (palette) await output.write(pngChunk('PLTE', Uint8Array.from(palette.flat())));
  } catch (error) {
    output.abandon();
    throw error;
  }
  return {
    write: async (rows) => {
      const count = rows.length / rowBytes;
      written += count;
      if (!Number.isInteger(count) || written > height) throw new Error('rows of another size');
      const filtered = Buffer.alloc(count * (rowBytes + 1));
      for (let row = 0; row < count; row++) {
        const from = rows.subarray(row * rowBytes, (row + 1) * rowBytes);
        const to = row * (rowBytes + 1);
        filtered[to] = filter;
        if (filter === filters.none) filtered.set(from, to + 1);
        else for (let i = 0; i < rowBytes; i++) filtered[to + 1 + i] = from[i]! - above[i]!;
        above = from;
      }
      above = Uint8Array.from(above);
      await new Promise<void>((resolve, reject) => {
        deflate.write(filtered, (error) => (error ? reject(error) : resolve()));
      });
      await drain();
    },
    end,
    finish: async () => {
      await end();
      await output.finish();
    },
    abandon: () => {
      deflate.destroy();
      output.abandon();
    },
  };
}

function headerOf({ width, height, channels, palette }: PngDescription): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.writeUInt8(8, 8);
  const { grey, colour } = colourTypes;
  header.writeUInt8(palette ? colourTypes.palette : channels === 1 ? grey : colour, 9);
  return header;
}
