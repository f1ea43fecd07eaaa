import { formatSeconds, progressBar } from '../runtime/progress-bar.js';
import type { Output } from './output.js';

/** Milliseconds between two drawings. */
const redrawEvery = 100;

/**
 * Shows how far an image is that is cut into tiles, in a line that is redrawn in place
 * where a person is watching. One of a single tile is not worth a line.
 *
 * @param name what comes before the bar.
 */
export function showTiles(
  output: Output,
  name: string,
  now: () => number = () => performance.now(),
): (done: number, total: number) => void {
  const started = now();
  let drawn = started;
  return (done, total) => {
    if (!output.isTerminal || total < 2) return;
    if (done === total) {
      output.status('');
      return;
    }
    const time = now();
    if (time - drawn < redrawEvery) return;
    drawn = time;
    const left = ((time - started) / done) * (total - done);
    const parts = [
      name,
      progressBar(done / total, '='),
      `${done}/${total} tiles`,
      `${formatSeconds(left / 1000)} left`,
    ];
    output.status(parts.join('  ').slice(0, output.width - 1));
  };
}
