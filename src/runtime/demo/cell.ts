import type { Random } from '../random.js';

/** One drawn cell: an ellipse with an uneven rim. Lengths in pixels, angles in radians. */
export interface Cell {
  readonly y: number;
  readonly x: number;
  readonly longRadius: number;
  readonly shortRadius: number;
  readonly angle: number;
  /** Low-frequency unevenness of the rim: relative amplitude and phase per whole wave number, from 2 on. */
  readonly waves: readonly { readonly amplitude: number; readonly phase: number }[];
  /** Brightness of its middle, 0 to 1. */
  readonly brightness: number;
}

const WAVES = 4;

/** Draws the form of a cell; its place is chosen by the caller. */
export function drawCell(random: Random, radius: number, y: number, x: number): Cell {
  const stretch = Math.exp(random.uniform(0, 0.4));
  return {
    y,
    x,
    longRadius: radius * Math.sqrt(stretch),
    shortRadius: radius / Math.sqrt(stretch),
    angle: random.uniform(0, Math.PI),
    waves: Array.from({ length: WAVES }, (_, i) => ({
      amplitude: (0.16 * random.uniform()) / (i + 1.5),
      phase: random.uniform(0, 2 * Math.PI),
    })),
    brightness: Math.exp(random.uniform(Math.log(0.22), Math.log(0.85))),
  };
}

/** How far out a place lies in a cell: 0 in the middle, 1 on the rim, more outside. */
export function depthInCell(cell: Cell, y: number, x: number): number {
  const [cosine, sine] = [Math.cos(cell.angle), Math.sin(cell.angle)];
  const along = ((x - cell.x) * cosine + (y - cell.y) * sine) / cell.longRadius;
  const across = ((y - cell.y) * cosine - (x - cell.x) * sine) / cell.shortRadius;
  const distance = Math.hypot(along, across);
  if (distance > 1.5) return distance;
  const direction = Math.atan2(across, along);
  let rim = 1;
  cell.waves.forEach(({ amplitude, phase }, i) => {
    rim += amplitude * Math.cos((i + 2) * direction + phase);
  });
  return distance / rim;
}
