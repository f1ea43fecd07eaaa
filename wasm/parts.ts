// Sums over windows in parts. How many there are depends on the shapes alone, and so do the bits.

import { Windows } from './windows';

/** The first row of windows of a part; parts have whole bands. */
export function firstRowOf(windows: Windows, part: i32, parts: i32): i32 {
  const bands = (windows.allRows + windows.bandRows - 1) / windows.bandRows;
  return min(((part * bands) / parts) * windows.bandRows, windows.allRows);
}

/** Adds to `bytes` of sums, a multiple of 16, those of the other parts, each `step` bytes further. */
export function addParts(sums: usize, bytes: usize, step: usize, parts: i32): void {
  for (let part = 1; part < parts; part++) {
    const from = sums + <usize>part * step;
    for (let at: usize = 0; at < bytes; at += 16) {
      v128.store(sums + at, f32x4.add(v128.load(sums + at), v128.load(from + at)));
    }
  }
}
