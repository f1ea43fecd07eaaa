import { withScratch } from './scratch.js';
import type { WasmBackend } from '../wasm/heap.js';
import { runTask, taskOf, type SharedTask } from './simd-module.js';
import { channelPlane } from './tiles.js';

/**
 * Writes the values of a filter as a convolution reads them, in panels of 8 outputs, from byte
 * `target` of the heap on; see `wasm/filters.ts`. The panels are the units of the task.
 */
export type PackFilter = (target: number, panels: SharedTask) => void;

/** What a convolution multiplies: its taps, the channels that it reads and those that it makes. */
export interface FilterSize {
  readonly taps: number;
  readonly channels: number;
  readonly outputs: number;
}

/** Calls `work` with the address of a filter in panels. */
export function withPanels(
  backend: WasmBackend,
  size: FilterSize,
  pack: PackFilter,
  work: (address: number) => void,
): void {
  withScratch(backend, [panelsBytes(size)], ({ addresses: [panels] }) => {
    pack(panels!, packingOf(backend, size));
    work(panels!);
  });
}

/** Calls `work` with the address of a 3 x 3 filter as Winograd's tiles multiply it. */
export function withTransformed(
  backend: WasmBackend,
  size: FilterSize,
  pack: PackFilter,
  work: (address: number) => void,
): void {
  const { channels, outputs } = size;
  const bytes = Math.ceil(outputs / 8) * 16 * channelPlane(channels);
  withScratch(backend, [bytes], ({ addresses: [transformed] }) => {
    withPanels(backend, size, pack, (panels) => {
      const task = packingOf(backend, size);
      runTask(backend, 'transformFilter', task, [panels, channels, transformed!]);
    });
    work(transformed!);
  });
}

const panelsBytes = ({ taps, channels, outputs }: FilterSize): number =>
  Math.ceil(outputs / 8) * taps * channels * 32;

/** Moving a value takes about as long as so many multiply-adds. */
const workOfMove = 8;

function packingOf(backend: WasmBackend, { taps, channels, outputs }: FilterSize): SharedTask {
  const work = taps * channels * outputs * workOfMove;
  return taskOf(backend, Math.ceil(outputs / 8), work);
}
