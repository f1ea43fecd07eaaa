import type uPlot from 'uplot';
import type { Chart, ChartSeries } from '../src/runtime/report/chart.js';
import { colourMarks, dashOf, lineColour, onColours, styleValue } from './palette.js';

/** The library, which the page brings along before this script. */
const { uPlot: Plot } = globalThis as unknown as { readonly uPlot: typeof uPlot };

/** The charts of a page. */
export interface DrawnCharts {
  /** Draws other values in the places of the same names. */
  update(charts: readonly Chart[]): void;
}

interface Drawn {
  readonly place: HTMLElement;
  chart: Chart;
  plot: uPlot;
}

/** Draws every chart in its place, anew where the colours or the width of the page change. */
export function drawCharts(charts: readonly Chart[]): DrawnCharts {
  const drawn = new Map<string, Drawn>();
  const show = (chart: Chart): void => {
    const place = document.querySelector<HTMLElement>(`[data-chart="${chart.id}"]`);
    if (place === null || chart.x.values.length === 0) return;
    place.replaceChildren();
    drawn.set(chart.id, { place, chart, plot: draw(chart, place) });
  };
  const showAll = (): void => {
    colourMarks();
    for (const { chart } of [...drawn.values()]) show(chart);
  };
  colourMarks();
  charts.forEach(show);
  onColours(showAll);
  const watch = new ResizeObserver(() => {
    for (const { place, plot } of drawn.values()) {
      const size = sizeOf(place);
      if (size.width !== plot.width) plot.setSize(size);
    }
  });
  for (const { place } of drawn.values()) watch.observe(place);
  return {
    update(next) {
      for (const chart of next) {
        const before = drawn.get(chart.id);
        const isSame = before?.chart.series.length === chart.series.length;
        if (before === undefined || !isSame) show(chart);
        else {
          before.chart = chart;
          before.plot.setData(dataOf(chart));
        }
      }
    },
  };
}

function sizeOf(place: HTMLElement): { width: number; height: number } {
  const width = Math.max(220, Math.floor(place.clientWidth));
  const isSquare = place.classList.contains('square');
  return {
    width,
    height: isSquare ? Math.min(width, 340) : Math.min(260, Math.round(width * 0.62)),
  };
}

const dataOf = ({ x, series }: Chart): uPlot.AlignedData => [
  [...x.values],
  ...series.map(({ values }) => [...values]),
];

function draw(chart: Chart, place: HTMLElement): uPlot {
  const text = styleValue('--soft');
  const line = styleValue('--rule');
  const font = `12px ${styleValue('--font')}`;
  const axis = (more: Partial<uPlot.Axis>): uPlot.Axis => ({
    ...{ stroke: text, font, labelFont: font, labelSize: 18, gap: 4 },
    grid: { stroke: line, width: 1 },
    ticks: { show: false },
    ...more,
  });
  const { range } = chart.y;
  const options: uPlot.Options = {
    ...sizeOf(place),
    padding: [10, 12, 0, 0],
    scales: {
      x: { time: false, range: (_, low, high) => rangeOfX(low, high) },
      y: range === undefined ? {} : { range: [range[0], range[1]] },
    },
    axes: [
      axis({ label: chart.x.label, size: 28, grid: { show: false }, incrs: stepsOf(chart) }),
      axis({
        size: (_, values) => 14 + 7 * Math.max(3, ...(values ?? []).map((v) => v.length)),
        values: (_, splits) => splits.map((split) => String(Number(split.toPrecision(6)))),
      }),
    ],
    series: [
      { label: chart.x.label, value: (_, value) => shown(value) },
      ...chart.series.map(seriesOf),
    ],
    cursor: { points: { size: 7 }, drag: { x: true, y: false } },
    legend: { live: true },
    hooks: { ready: [showLast], setData: [showLast], setCursor: [showLast] },
  };
  return new Plot(options, dataOf(chart), place);
}

/** Where nothing is pointed at, the legend has the last values. */
function showLast(plot: uPlot): void {
  const last = plot.data[0].length - 1;
  if ((plot.cursor.idx ?? null) === null && plot.legend.idx !== last) plot.setLegend({ idx: last });
}

/** One value alone lies in the middle. */
const rangeOfX = (low: number, high: number): [number, number] =>
  low === high ? [low - 1, high + 1] : [low, high];

/** Epochs and steps are whole numbers; probabilities are not. */
function stepsOf({ x }: Chart): number[] {
  const isWhole = x.values.every(Number.isInteger);
  const powers = isWhole ? [0, 1, 2, 3, 4, 5, 6] : [-2, -1, 0];
  return powers.flatMap((power) => [1, 2, 5].map((each) => each * 10 ** power));
}

function seriesOf({ label, colour, line, values }: ChartSeries): uPlot.Series {
  const stroke = lineColour(colour);
  const known = values.filter((value) => value !== null).length;
  const isThin = line === 'faint';
  return {
    label,
    stroke,
    width: isThin ? 1 : 2,
    ...(dashOf(line === 'dashed' ? -1 : colour) && {
      dash: dashOf(line === 'dashed' ? -1 : colour)!,
    }),
    spanGaps: line === 'points',
    points: {
      show: line === 'points' || (line !== 'dashed' && known <= 24),
      size: line === 'points' ? 7 : 5,
      fill: stroke,
    },
    value: (_, value) => shown(value),
  };
}

/** A number in a legend. */
function shown(value: number | null | undefined): string {
  if (value === null || value === undefined) return '\u2013';
  if (Number.isInteger(value)) return String(value);
  const size = Math.abs(value);
  return size >= 0.001 && size < 1e5 ? value.toFixed(4) : value.toExponential(2);
}
