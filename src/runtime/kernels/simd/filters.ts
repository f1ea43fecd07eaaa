import type * as tf from '../../tensorflow.js';
import type { WasmBackend } from '../wasm/heap.js';
import { keptFilters } from './kept-filters.js';
import { withScratch } from './scratch.js';
import { runTask, taskOf, type SharedTask } from './simd-module.js';
import { channelPlane } from './tiles.js';

/** A filter that a convolution reads. */
export interface Filter {
  /** What has its values. */
  readonly tensor: tf.TensorInfo;
  /** Tells apart all ways in which `pack` may read that tensor for the same size. */
  readonly reading: string;
  /**
   * Writes the values in panels of 8 outputs from byte `target` of the heap on; see
   * `wasm/filters.ts`. The panels are the units of the task.
   */
  readonly pack: (target: number, panels: SharedTask) => void;
}

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
  filter: Filter,
  work: (address: number) => void,
): void {
  const write = (target: number): void => filter.pack(target, packingOf(backend, size));
  withForm(backend, filter, formOf('panels', size, filter), panelsBytes(size), write, work);
}

/** Calls `work` with the address of a 3 x 3 filter as Winograd's tiles multiply it. */
export function withTransformed(
  backend: WasmBackend,
  size: FilterSize,
  filter: Filter,
  work: (address: number) => void,
): void {
  const { channels, outputs } = size;
  const bytes = Math.ceil(outputs / 8) * 16 * channelPlane(channels);
  const write = (target: number): void => {
    withScratch(backend, [panelsBytes(size)], ({ addresses: [panels] }) => {
      const task = packingOf(backend, size);
      filter.pack(panels!, task);
      runTask(backend, 'transformFilter', task, [panels!, channels, target]);
    });
  };
  withForm(backend, filter, formOf('tiles', size, filter), bytes, write, work);
}

/** Calls `work` with the address of a form that is kept, or that is there for the time of the call. */
function withForm(
  backend: WasmBackend,
  { tensor }: Filter,
  form: string,
  bytes: number,
  write: (target: number) => void,
  work: (address: number) => void,
): void {
  const kept = keptFilters(backend).find(tensor.dataId, form, bytes, write);
  if (kept !== undefined) return work(kept);
  withScratch(backend, [bytes], ({ addresses: [target] }) => {
    write(target!);
    work(target!);
  });
}

const formOf = (
  kind: 'panels' | 'tiles',
  { taps, channels, outputs }: FilterSize,
  { reading }: Filter,
): string => [kind, taps, channels, outputs, reading].join(' ');

const panelsBytes = ({ taps, channels, outputs }: FilterSize): number =>
  Math.ceil(outputs / 8) * taps * channels * 32;

/** Moving a value takes about as long as so many multiply-adds. */
const workOfMove = 8;

function packingOf(backend: WasmBackend, { taps, channels, outputs }: FilterSize): SharedTask {
  const work = taps * channels * outputs * workOfMove;
  return taskOf(backend, Math.ceil(outputs / 8), work);
}
