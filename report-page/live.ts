import type { LiveState } from '../src/runtime/report/chart.js';
import type { DrawnCharts } from './charts.js';

/** How often the server is asked, in milliseconds. */
const askEvery = 1000;

/** Shows how a training goes until it has ended, and then its report. */
export async function followTraining(charts: DrawnCharts): Promise<void> {
  const status = document.getElementById('status')!;
  const bar = document.getElementById('done') as HTMLProgressElement;
  let version: number | undefined;
  for (;;) {
    const state = await ask();
    if (state === undefined) {
      status.textContent =
        'The training has ended, or was interrupted; this page is served no more.';
      return;
    }
    if (!state.isRunning) return location.reload();
    status.textContent = state.status;
    bar.value = state.done;
    // A page of the start has no places for charts.
    if (needsPlaces(state)) return location.reload();
    if (state.version !== version) charts.update(state.charts);
    version = state.version;
    await new Promise((resolve) => setTimeout(resolve, askEvery));
  }
}

const needsPlaces = ({ charts }: LiveState): boolean =>
  charts.some(({ id }) => document.querySelector(`[data-chart="${id}"]`) === null);

async function ask(): Promise<LiveState | undefined> {
  try {
    const answer = await fetch('/state', { cache: 'no-store' });
    return answer.ok ? ((await answer.json()) as LiveState) : undefined;
  } catch {
    return undefined;
  }
}
