import type { Chart } from '../src/runtime/report/chart.js';

/** The charts that the page holds as JSON. */
export function readCharts(): readonly Chart[] {
  const text = document.getElementById('charts')?.textContent ?? '[]';
  return JSON.parse(text) as readonly Chart[];
}
