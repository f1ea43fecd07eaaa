import type { WasmBackend } from '../wasm/heap.js';
import { taskOf, type SharedTask } from './simd-module.js';
import type { WindowShape } from './windows.js';

/** As many units as let the threads end at about the same time. */
const goodUnits = 8;

/**
 * Cuts work that has parts, a band of windows each, and panels of 8 outputs: where there are few
 * parts, each has several groups of panels, as `wasm/units.ts` counts them. No value depends on it.
 */
export function unitsOf(
  backend: WasmBackend,
  parts: number,
  panels: number,
  work: number,
): { task: SharedTask; groups: number } {
  const groups = Math.min(panels, Math.ceil(goodUnits / Math.max(parts, 1)));
  return { task: taskOf(backend, parts * groups, work), groups };
}

/** Multiply-adds of a convolution, and of either of its gradients. */
export function workOf(windows: WindowShape, outputs: number): number {
  const { allRows, columns, kernelHeight, kernelWidth, channels } = windows;
  return allRows * columns * kernelHeight * kernelWidth * channels * outputs;
}
