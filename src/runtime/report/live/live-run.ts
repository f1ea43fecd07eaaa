import type { TrainingEvent } from '../../training/events.js';
import type { LiveState } from '../chart.js';
import { gatherRun } from '../gather/gather-run.js';
import { readCurves } from '../gather/read-curves.js';
import { chartLibrary, type ChartLibrary } from '../render/chart-library.js';
import { chartsOfRun } from '../render/charts.js';
import { duration } from '../render/numbers.js';
import { renderRun, renderWaiting } from '../render/render-run.js';
import type { RunReport } from '../run-report.js';

/** How far a training is. */
type Progress = Pick<LiveState, 'status' | 'done'>;

type EpochEvent = Extract<TrainingEvent, { kind: 'epoch' }>;

/**
 * A run that is being trained, for pages that follow it. Steps keep this process busy, and what
 * waits for the disk waits for the ends of steps as well: so the folder is read once, its log after
 * each epoch without yielding, and requests are answered at once from what was read last.
 */
export class LiveRun {
  readonly #folder: string;
  readonly #library: ChartLibrary;
  #version = 0;
  #isRunning = true;
  #progress: Progress = { status: 'The data are being read.', done: 0 };
  #run: RunReport | undefined;
  #reading: Promise<void> = Promise.resolve();

  private constructor(folder: string, library: ChartLibrary) {
    this.#folder = folder;
    this.#library = library;
  }

  /** @param folder the run folder, which may be missing yet. */
  static async open(folder: string): Promise<LiveRun> {
    return new LiveRun(folder, await chartLibrary());
  }

  /** Takes in what the training tells. */
  tell(event: TrainingEvent): void {
    this.#progress = progressAfter(event) ?? this.#progress;
    if (event.kind === 'start') void this.#read();
    if (event.kind === 'epoch') this.#addEpoch(event);
  }

  /** The training has ended, and what its folder holds is final. */
  async end(): Promise<void> {
    await this.#read();
    this.#isRunning = false;
    this.#progress = { status: 'The training has ended.', done: this.#progress.done };
  }

  /** What a page asks for again and again, as JSON. */
  state(): string {
    const charts = this.#run === undefined ? [] : chartsOfRun(this.#run);
    const state: LiveState = {
      ...{ version: this.#version, isRunning: this.#isRunning, charts },
      ...this.#progress,
    };
    return JSON.stringify(state);
  }

  /** The page as it is now. */
  page(): string {
    if (this.#run === undefined) {
      return renderWaiting(this.#progress, this.#library, this.#isRunning);
    }
    return renderRun(this.#run, this.#library, this.#isRunning ? this.#progress : undefined);
  }

  /** What an epoch changes. Before the folder is read, that will tell of it. */
  #addEpoch({ epoch, isBest, metrics, validationLoss, unpredicted }: EpochEvent): void {
    if (this.#run === undefined) return;
    const [[metric, { mean: value }] = ['', { mean: undefined }]] = metrics;
    const { progress, best } = this.#run;
    this.#show({
      ...this.#run,
      progress: { ...progress, epochs: epoch },
      best: isBest ? { epoch, metric, value, validationLoss, unpredicted } : best,
    });
  }

  #show(run: RunReport): void {
    this.#run = { ...run, curves: readCurves(this.#folder) };
    this.#version++;
  }

  /** Reads the run folder after what is read of it now. What cannot be read stays as it was. */
  #read(): Promise<void> {
    this.#reading = this.#reading
      .then(() => gatherRun(this.#folder))
      .then(({ value }) => {
        if (value !== undefined) this.#show(value);
      })
      // No training fails by what is shown of it.
      .catch(() => undefined);
    return this.#reading;
  }
}

/** How far the training is after an event; undefined where that says nothing of it. */
function progressAfter(event: TrainingEvent): Progress | undefined {
  switch (event.kind) {
    case 'step': {
      const { epoch, epochs, batch, batches, loss, secondsLeft } = event;
      const left = Number.isFinite(secondsLeft) ? `; ${duration(secondsLeft)} left` : '';
      return {
        status: `Epoch ${epoch} of ${epochs}, step ${batch} of ${batches}; loss ${loss.toFixed(4)}${left}.`,
        done: (epoch - 1 + batch / batches) / epochs,
      };
    }
    case 'validation': {
      const { epoch, epochs, image, images } = event;
      return {
        status: `Epoch ${epoch} of ${epochs}, validation: image ${image} of ${images}.`,
        done: epoch / epochs,
      };
    }
    case 'start':
      return { status: 'The first step is under way.', done: 0 };
    default:
      return undefined;
  }
}
