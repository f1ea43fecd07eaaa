import { blurPixels } from '../data/gaussian.js';
import { createPixels, type Pixels } from '../data/pixels.js';
import type { Random } from '../random.js';
import { depthInCell, drawCell } from './cell.js';
import { maskTissue, type Tissue } from './tissue.js';

/**
 * Photographs a tissue as a fluorescence microscope does: 8-bit grey, `size` x
 * `size`. Stained cells with a grainy inside and a few dark spots on a dim,
 * uneven background; cells outside the focal plane and specks of dirt, which
 * the mask does not hold; then the blur of the optics, photon noise and the
 * camera's own noise.
 */
export function photograph(random: Random, tissue: Tissue): Uint8Array {
  const { size } = tissue;
  const light = stainCells(random.fork('stain'), tissue);
  const haze: Pixels = { ...light, data: light.data.slice() };
  addBlurredCells(random.fork('depth'), haze);
  blurPixels(haze, size / 18);
  addSpecks(random.fork('specks'), light);
  blurPixels(light, random.uniform(0.7, 1.25));
  const background = unevenBackground(random.fork('background'), size);
  const glow = random.uniform(0.15, 0.4);
  for (let i = 0; i < light.data.length; i++) {
    light.data[i] = light.data[i]! + glow * haze.data[i]! + background.data[i]!;
  }
  return expose(random.fork('camera'), light);
}

/** Noise of one typical length in pixels, mean 0 and deviation about 1. */
function smoothNoise(random: Random, size: number, length: number): Float32Array {
  const noise = createPixels(size, size, 1);
  for (let i = 0; i < noise.data.length; i++) noise.data[i] = random.normal();
  blurPixels(noise, length);
  const squares = noise.data.reduce((sum, value) => sum + value * value, 0);
  const deviation = Math.sqrt(squares / noise.data.length) || 1;
  return noise.data.map((value) => value / deviation);
}

function stainCells(random: Random, tissue: Tissue): Pixels {
  const { size, cells, labels, depths } = tissue;
  const light = createPixels(size, size, 1);
  const coarse = smoothNoise(random, size, 2.6);
  const fine = smoothNoise(random, size, 1.1);
  const mask = maskTissue(tissue);
  for (let i = 0; i < light.data.length; i++) {
    const cell = cells[labels[i]! - 1];
    if (cell === undefined) continue;
    const dome = 0.62 + 0.38 * Math.sqrt(1 - depths[i]! ** 2);
    const grain = 1 + 0.13 * coarse[i]! + 0.08 * fine[i]!;
    const border = mask[i] === 0 ? 0.35 : 1;
    light.data[i] = cell.brightness * dome * Math.max(0.2, grain) * border;
  }
  for (const cell of cells) {
    const spots = random.integer(4);
    for (let spot = 0; spot < spots; spot++) {
      const y = cell.y + random.normal() * cell.shortRadius * 0.35;
      const x = cell.x + random.normal() * cell.shortRadius * 0.35;
      dim(light, y, x, random.uniform(0.8, 1.7), random.uniform(0.25, 0.55));
    }
  }
  return light;
}

/** Darkens a soft round spot by the part `by`. */
function dim(light: Pixels, y: number, x: number, radius: number, by: number): void {
  const reach = Math.ceil(3 * radius);
  for (let row = Math.floor(y) - reach; row <= y + reach; row++) {
    for (let column = Math.floor(x) - reach; column <= x + reach; column++) {
      if (row < 0 || column < 0 || row >= light.height || column >= light.width) continue;
      const distance = (row - y) ** 2 + (column - x) ** 2;
      light.data[row * light.width + column]! *=
        1 - by * Math.exp(-distance / (2 * radius * radius));
    }
  }
}

/** Cells far from the focal plane; the haze's blur makes blobs of them. */
function addBlurredCells(random: Random, haze: Pixels): void {
  const size = haze.width;
  const count = random.integer(3) + 1;
  for (let n = 0; n < count; n++) {
    const radius = random.uniform(8, 15);
    const cell = drawCell(random, radius, random.uniform(0, size), random.uniform(0, size));
    for (let i = 0; i < haze.data.length; i++) {
      if (depthInCell(cell, Math.floor(i / size), i % size) < 1) haze.data[i]! += 0.6;
    }
  }
}

/** Dirt: bright points smaller than any cell. */
function addSpecks(random: Random, light: Pixels): void {
  const count = random.integer(5);
  for (let n = 0; n < count; n++) {
    const y = random.uniform(0, light.height);
    const x = random.uniform(0, light.width);
    const radius = random.uniform(0.5, 1.1);
    const brightness = random.uniform(0.3, 0.9);
    for (let i = 0; i < light.data.length; i++) {
      const distance = (Math.floor(i / light.width) - y) ** 2 + ((i % light.width) - x) ** 2;
      if (distance < 25) {
        light.data[i]! += brightness * Math.exp(-distance / (2 * radius * radius));
      }
    }
  }
}

/** A slope, a brighter middle from the lamp, and slow unevenness. */
function unevenBackground(random: Random, size: number): Pixels {
  const background = createPixels(size, size, 1);
  const direction = random.uniform(0, 2 * Math.PI);
  const slope = random.uniform(0.01, 0.07);
  const level = random.uniform(0.04, 0.1);
  const slow = smoothNoise(random, size, size / 10);
  for (let i = 0; i < background.data.length; i++) {
    const y = Math.floor(i / size) / size - 0.5;
    const x = (i % size) / size - 0.5;
    const along = y * Math.sin(direction) + x * Math.cos(direction);
    const lamp = 1 - 0.5 * (y * y + x * x);
    background.data[i] = Math.max(0, level * lamp + slope * along + 0.006 * slow[i]!);
  }
  return background;
}

/** Photon noise (the normal approximation of a Poisson count), read noise, and 8 bits. */
function expose(random: Random, light: Pixels): Uint8Array {
  const photons = Math.exp(random.uniform(Math.log(60), Math.log(260)));
  const readNoise = random.uniform(0.006, 0.016);
  const gain = random.uniform(0.75, 1.05);
  const levels = new Uint8Array(light.data.length);
  for (let i = 0; i < levels.length; i++) {
    const exact = Math.max(0, light.data[i]!);
    const counted = exact + Math.sqrt(exact / photons) * random.normal();
    const value = gain * counted + readNoise * random.normal();
    levels[i] = Math.round(255 * Math.max(0, Math.min(1, value)));
  }
  return levels;
}
