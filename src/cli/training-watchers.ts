import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { createDiagnostic, Reporter } from '../diagnostics/report.js';
import { describeSystemError, FileError } from '../files/index.js';
import type { TrainingEvent } from '../runtime/training/events.js';
import type { OptionDescription } from './command.js';
import type { CommandContext } from './context.js';
import { nowhere, reportDiagnostics, wholeFile } from './report.js';

/** The options of `train` by which a training is looked at while it runs. */
export const watchOptions = {
  watch: { kind: 'flag', help: 'serve the report while it trains, to this machine alone' },
  port: {
    kind: 'integer',
    value: 'N',
    minimum: 1,
    help: 'of --watch: the port; one that is free unless given',
  },
  tensorboard: { kind: 'flag', help: 'write files for TensorBoard, into RUN/tensorboard' },
} as const satisfies Readonly<Record<string, OptionDescription>>;

/** What a call says of that. */
export interface WatchWishes {
  readonly watch: boolean;
  readonly port: number | undefined;
  readonly tensorboard: boolean;
}

/** Reports options that make no sense together. */
export function checkWatchWishes({ watch, port }: WatchWishes): readonly Diagnostic[] {
  const reporter = new Reporter();
  if (port !== undefined && !watch) {
    const parameters = { option: '--port', other: '--watch' };
    reporter.report('option-needs-other', parameters, { at: nowhere });
  }
  return reporter.diagnostics;
}

/** Follows a training; what goes wrong with it is a warning, and the training goes on. */
export interface TrainingWatcher {
  tell(event: TrainingEvent): void;
  /** The training has ended, and its report is written. */
  close(): Promise<void>;
}

/** Starts what a call asks for. */
export async function startWatchers(
  run: string,
  { watch, port, tensorboard }: WatchWishes,
  context: CommandContext,
): Promise<readonly TrainingWatcher[]> {
  const served = watch ? await serve(run, port ?? 0, context) : undefined;
  const written = tensorboard ? await writeTensorboard(run, context) : undefined;
  return [served, written].filter((watcher) => watcher !== undefined);
}

async function serve(
  folder: string,
  port: number,
  context: CommandContext,
): Promise<TrainingWatcher | undefined> {
  const { LiveRun } = await import('../runtime/report/live/live-run.js');
  const { serveLive } = await import('../runtime/report/live/serve-live.js');
  const run = await LiveRun.open(folder);
  try {
    const server = await serveLive(run, port);
    context.stderr.line(`watch it at ${server.address}`);
    return { tell: (event) => run.tell(event), close: () => server.close() };
  } catch (error) {
    const parameters = { port, reason: describeSystemError(error).replace(/\.$/, '') };
    const help = ['Another "--port" may be free; without it, one is taken that is.'];
    const problem = createDiagnostic('report-not-served', parameters, { at: nowhere, help });
    reportDiagnostics([problem], context);
    return undefined;
  }
}

async function writeTensorboard(run: string, context: CommandContext): Promise<TrainingWatcher> {
  const { TensorboardWriter } = await import('../runtime/report/tensorboard/tensorboard-writer.js');
  let writer: InstanceType<typeof TensorboardWriter> | undefined = new TensorboardWriter(run);
  return {
    tell(event) {
      try {
        writer?.tell(event);
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        // One warning is enough.
        writer = undefined;
        const { path: file, message: reason } = error;
        const problem = { file, reason };
        reportDiagnostics(
          [createDiagnostic('report-not-written', problem, { at: wholeFile(file) })],
          context,
        );
      }
    },
    close: () => Promise.resolve(),
  };
}
