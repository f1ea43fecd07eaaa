import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { encodePng } from '../../../../src/runtime/data/image-files.js';
import type { Samples } from '../../../../src/runtime/data/image.js';

/** Runs `work` in a fresh folder that is deleted afterwards. */
export async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'unetc-data-'));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Writes files, given by their path inside the folder, making folders on the way. */
export function writeFiles(folder: string, files: Readonly<Record<string, Uint8Array>>): void {
  for (const [path, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
}

/** A PNG with the given samples. */
export function png(
  width: number,
  height: number,
  channels: number,
  samples: readonly number[] | Samples,
  depth: 8 | 16 = 8,
): Promise<Buffer> {
  const data = depth === 8 ? Uint8Array.from(samples) : Uint16Array.from(samples);
  return encodePng({ width, height, channels, depth, data });
}
