import type { ComponentCall } from '../../../ir/recipe.js';
import { clampUnit, type Augmentation } from './augmentation.js';
import { numberOption } from '../../call-options.js';

/**
 * Turns the hue of every pixel by one part of the circle of colours, from `-amount` to `amount`;
 * value and saturation of HSV stay: `adjust_hue` of torchvision. Red, green and blue.
 */
export function buildHue(call: ComponentCall): Augmentation {
  const amount = numberOption(call, 'amount');
  return {
    kind: 'retouch',
    draw: (random) => {
      // The circle has six parts, each between two of the colours and their complements.
      const turn = 6 * random.uniform(-amount, amount);
      return ({ data }) => {
        for (let i = 0; i < data.length; i += 3) turnHue(data, i, turn);
      };
    },
  };
}

/** Turns the hue of one pixel, whose red is at `i`, by sixths of the circle. */
export function turnHue(data: Float32Array, i: number, turn: number): void {
  const red = data[i]!;
  const green = data[i + 1]!;
  const blue = data[i + 2]!;
  const most = Math.max(red, green, blue);
  const spread = most - Math.min(red, green, blue);
  if (spread === 0) return;
  const hue =
    most === red
      ? (green - blue) / spread
      : most === green
        ? (blue - red) / spread + 2
        : (red - green) / spread + 4;
  data[i] = channelOfHue(5 + hue + turn, most, spread);
  data[i + 1] = channelOfHue(3 + hue + turn, most, spread);
  data[i + 2] = channelOfHue(1 + hue + turn, most, spread);
}

/** `value % 6`; its own code where one difference does, for division takes longer than all the rest. */
function sixth(value: number): number {
  if (value >= 12 || value <= -6) return value % 6;
  return value >= 6 ? value - 6 : value;
}

/** A channel of the colour of a value and a spread, from its place on the circle of colours. */
function channelOfHue(place: number, most: number, spread: number): number {
  const k = sixth(sixth(place) + 6);
  return clampUnit(most - spread * Math.max(0, Math.min(k, 4 - k, 1)));
}

/** The brightness of a colour by ITU-R BT.601, as torchvision and Pillow take it. */
const brightness = [0.299, 0.587, 0.114] as const;

/**
 * Moves every pixel away from the grey of its brightness, or towards it, by one factor from
 * `1 - amount` to `1 + amount`: `adjust_saturation` of torchvision. Red, green and blue.
 */
export function buildSaturation(call: ComponentCall): Augmentation {
  const amount = numberOption(call, 'amount');
  return {
    kind: 'retouch',
    draw: (random) => {
      const factor = random.uniform(1 - amount, 1 + amount);
      return ({ data }) => {
        for (let i = 0; i < data.length; i += 3) {
          const grey =
            brightness[0] * data[i]! + brightness[1] * data[i + 1]! + brightness[2] * data[i + 2]!;
          for (let c = i; c < i + 3; c++) data[c] = clampUnit(grey + factor * (data[c]! - grey));
        }
      };
    },
  };
}
