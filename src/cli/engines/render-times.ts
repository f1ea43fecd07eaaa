import { benchmarkSizes } from '../../runtime/self-test/benchmark-network.js';
import { renderColumns } from '../table.js';
import type { EngineReport, NetworkTimes } from './probe.js';
import { stateOf } from './render-reports.js';

/**
 * Times of engines as a table: milliseconds of a step and of a prediction, and how many times as
 * fast as the first engine they are. An engine without times says why.
 */
export function renderTimes(reports: readonly EngineReport[]): string {
  const first = reports.find(({ times }) => times !== undefined)?.times;
  const columns = Object.keys(benchmarkSizes).flatMap((size) =>
    (['step', 'prediction'] as const).map((what) => ({ size: size as keyof NetworkTimes, what })),
  );
  const head = ['ms', ...columns.flatMap(({ size, what }) => [`${what}, ${size}`, ''])];
  const rows = reports.map((report) => {
    const { name, times, trial } = report;
    if (times === undefined) return [name, trial?.fault ?? stateOf(report)];
    return [
      name,
      ...columns.flatMap(({ size, what }) => cells(times[size]?.[what], first?.[size]?.[what])),
    ];
  });
  const sizes = Object.entries(benchmarkSizes).map(
    ([name, { side, base }]) => `${name}: ${side} x ${side} pixels, ${base} channels at the top`,
  );
  const measured = rows.filter((row) => row.length > 2);
  const others = rows.filter((row) => row.length === 2);
  return (
    renderColumns(
      [head, ...measured],
      ['left', ...columns.flatMap(() => ['right', 'left'] as const)],
    ) +
    renderColumns(others, ['left', 'left']) +
    `U-Nets of four levels, batch 4; ${sizes.join('; ')}\n` +
    'Threads as without "--threads": 1; of onnx and pytorch one for each core\n'
  );
}

function cells(time: number | undefined, first: number | undefined): readonly string[] {
  if (time === undefined) return ['-', ''];
  const ratio = (first ?? time) / time;
  return [time.toFixed(1), `x ${ratio.toFixed(ratio < 10 ? 2 : 1)}`];
}
