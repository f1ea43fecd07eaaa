import uPlot from 'uplot';
import { darkness } from '../elements.js';

/** What an epoch adds to the curves. */
export interface EpochPoint {
  readonly epoch: number;
  readonly loss: number;
  readonly validationLoss: number | undefined;
  readonly metrics: Readonly<Record<string, number | undefined>>;
}

export interface Curves {
  add(point: EpochPoint): void;
}

/** Losses on the left axis, metrics from 0 to 1 on the right one, by epochs. */
export function createCurves(place: HTMLElement): Curves {
  const points: EpochPoint[] = [];
  let chart: uPlot | undefined;
  const draw = (): void => {
    chart?.destroy();
    if (points.length === 0) return;
    const names = Object.keys(points[0]!.metrics);
    const style = getComputedStyle(document.documentElement);
    const colour = (name: string): string => style.getPropertyValue(name).trim();
    const axis = { stroke: colour('--soft'), grid: { stroke: colour('--rule') } };
    const line = (label: string, name: string, scale: string, dash: number[] = []) => ({
      ...{
        label,
        scale,
        dash,
        stroke: colour(name),
        width: 2,
        points: { show: points.length < 3 },
      },
    });
    chart = new uPlot(
      {
        width: Math.max(260, place.clientWidth),
        height: 230,
        legend: { live: false },
        cursor: { show: false },
        scales: { x: { time: false }, share: { range: [0, 1] } },
        axes: [axis, axis, { ...axis, scale: 'share', side: 1, grid: { show: false } }],
        series: [
          { label: 'epoch' },
          line('loss', '--accent', 'y'),
          line('validation loss', '--mark', 'y', [6, 3]),
          ...names.map((name, at) =>
            line(name, at === 0 ? '--type' : '--keyword', 'share', [2, 3]),
          ),
        ],
      },
      [
        points.map(({ epoch }) => epoch),
        points.map(({ loss }) => loss),
        points.map(({ validationLoss }) => validationLoss ?? null),
        ...names.map((name) => points.map(({ metrics }) => metrics[name] ?? null)),
      ],
      place,
    );
  };
  darkness.addEventListener('change', draw);
  new ResizeObserver(() => {
    if (chart !== undefined && Math.abs(chart.width - place.clientWidth) > 1) draw();
  }).observe(place);
  return {
    add(point) {
      points.push(point);
      draw();
    },
  };
}
