import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { makeFolder, replaceFile, withTemporaryFolder } from '../../files/index.js';
import { writeImage } from '../data/image-files.js';
import {
  batch,
  benchmarkSpec,
  makeBenchmark,
  patience,
  type BenchmarkSize,
  type BenchmarkTimes,
} from '../self-test/benchmark-network.js';
import { codeFolder } from '../runs/run-folder.js';
import { compileRun } from '../training/run-spec.js';
import { ErrorLines } from './error-lines.js';
import { scriptFiles } from './script-files.js';

/**
 * Times of a network as `--engine pytorch` computes it: the step of the `train.py` that such a run
 * has, on the device and with the threads that it takes by itself. Why there are none in
 * words without a final period, where Python fails.
 *
 * @param program a Python that can train (`findPython`).
 */
export async function timeInPython(
  program: string,
  size: BenchmarkSize,
): Promise<BenchmarkTimes | { readonly fault: string }> {
  return withTemporaryFolder(async (folder) => {
    const { run } = compileRun('benchmark.unet', benchmarkSpec, {
      set: { base: String(size.base) },
    });
    const { value: files } = scriptFiles(run!, 'benchmark.unet');
    if (files === undefined) throw new Error('the network of the benchmark cannot be emitted');
    makeFolder(join(folder, codeFolder));
    for (const [name, text] of files) await replaceFile(join(folder, name), text);
    const script = join(folder, codeFolder, 'time_steps.py');
    await replaceFile(script, timeSteps(size));
    const data = join(folder, 'data');
    await writeData(data, size);
    return runScript(program, [script, '--data', data, '--out', join(folder, 'run')]);
  });
}

/** A data set that a run opens; of its images none is read. */
async function writeData(folder: string, size: BenchmarkSize): Promise<void> {
  const { side: height, side: width } = size;
  const masks = makeBenchmark(size).masks.map((value) => 255 * value);
  const plane = height * width;
  for (let at = 0; at <= batch; at++) {
    const split = at < batch ? 'train' : 'val';
    const mask = masks.slice((at % batch) * plane, ((at % batch) + 1) * plane);
    const image = new Uint8Array(3 * plane).map((_, i) => mask[i % plane]!);
    for (const [part, channels, data] of [
      ['images', 3, image],
      ['masks', 1, mask],
    ] as const) {
      const path = join(folder, split, part, `${at}.png`);
      const problem = await writeImage(path, { height, width, channels, depth: 8, data });
      if (problem !== undefined) throw new Error(problem.message);
    }
  }
}

/** Runs a script that prints times as JSON. */
function runScript(
  program: string,
  words: readonly string[],
): Promise<BenchmarkTimes | { readonly fault: string }> {
  return new Promise((resolve) => {
    // Nothing is ever written to its input: it ends with this process, and the script with it.
    const child = spawn(program, [...words, '--workers', '0'], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
    });
    const errors = new ErrorLines();
    let printed = '';
    child.stdout.on('data', (bytes: Buffer) => (printed += bytes.toString()));
    child.stderr.on('data', (bytes: Buffer) => errors.add(bytes));
    child.on('error', ({ message }) => resolve({ fault: message }));
    child.on('close', (code, signal) => {
      const last = printed.trim().split('\n').at(-1)!;
      if (code === 0) return resolve(JSON.parse(last) as BenchmarkTimes);
      const how = signal === null ? `code ${code}` : `the signal ${signal}`;
      const line = errors.end().at(-1)?.replace(/\.$/, '');
      resolve({ fault: `Python ends with ${how}${line ? `, "${line}"` : ''}` });
    });
  });
}

/** The script beside `train.py`; results are read, so that devices that compute ahead are waited for. */
const timeSteps = ({ side }: BenchmarkSize): string => `import json
import statistics
import threading
import time
from collections.abc import Callable

import torch

import train


def median_time(work: Callable[[], object]) -> float:
    times: list[float] = []
    begin = time.perf_counter()
    while True:
        passed = 1000 * (time.perf_counter() - begin)
        if passed > ${patience.tooLong} or (len(times) > ${patience.fewest} and passed > ${patience.enough}):
            # The first time counts only where it alone takes too long.
            return statistics.median(times[1:] or times)
        start = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - start))


threading.Thread(target=train.end_with_stdin, daemon=True).start()
run = train.Run(train.read_arguments())
image = torch.randn(${batch}, 3, ${side}, ${side})
mask = torch.randint(0, 2, (${batch}, ${side}, ${side}))
run.network.train()
step = median_time(lambda: run.step([image, mask], ${batch}, train.LEARNING_RATE).tolist())
with torch.no_grad():
    prediction = median_time(lambda: train.predict(run.model, *run.move([image, mask])).cpu())
print(json.dumps({"step": step, "prediction": prediction}))
`;
