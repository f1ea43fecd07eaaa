import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32c } from '../../../src/files/index.js';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import { TensorboardWriter } from '../../../src/runtime/report/tensorboard/tensorboard-writer.js';
import { readLast } from '../../../src/runtime/training/resume.js';
import { logOf, openWorkshop, trained, type Workshop } from '../training/support.js';

/** A run that was stopped within its second epoch and went on: two files. */

let workshop: Workshop;
let run: string;
let folder: string;

beforeAll(async () => {
  await startEngine('wasm');
  workshop = await openWorkshop();
  run = join(workshop.folder, 'run');
  folder = join(run, 'tensorboard');
  let now = 1.8e12;
  const write = (): Pick<Parameters<typeof trained>[0], 'onEvent'> => {
    const writer = new TensorboardWriter(run, () => (now += 1000));
    return { onEvent: (event) => writer.tell(event) };
  };
  const { data } = workshop;
  await stopWatched(4, { data, out: run, ...write() });
  const { value: resume } = await readLast(run);
  await trained({ data, out: run, resume, ...write() });
});
afterAll(() => workshop.remove());

/** Trains and stops after some steps, as Ctrl-C does, with a watcher beside it. */
function stopWatched(
  steps: number,
  options: Parameters<typeof trained>[0],
): ReturnType<typeof trained> {
  const controller = new AbortController();
  let seen = 0;
  return trained({
    ...options,
    signal: controller.signal,
    onEvent: (event) => {
      options.onEvent?.(event);
      if (event.kind === 'step' && ++seen === steps) controller.abort();
    },
  });
}

/** The sum as it is defined, bit by bit: RFC 3720, appendix B.4. */
function slowCrc(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return ~crc >>> 0;
}
const masked = (crc: number): number =>
  Number(((BigInt(crc >>> 15) | (BigInt(crc) << 17n)) + 0xa282ead8n) & 0xffffffffn);

/** The messages of a file, whose sums are right. */
function messagesOf(file: string): readonly Buffer[] {
  const bytes = readFileSync(join(folder, file));
  const messages: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = Number(bytes.readBigUInt64LE(at));
    const message = bytes.subarray(at + 12, at + 12 + length);
    expect(bytes.readUInt32LE(at + 8)).toBe(masked(slowCrc(bytes.subarray(at, at + 8))));
    expect(bytes.readUInt32LE(at + 12 + length)).toBe(masked(slowCrc(message)));
    messages.push(message);
    at += 16 + length;
  }
  return messages;
}

/** The fields of a message by number; those of equal numbers in their order. */
function fieldsOf(message: Buffer): ReadonlyMap<number, readonly (number | Buffer)[]> {
  const fields = new Map<number, (number | Buffer)[]>();
  let at = 0;
  const varint = (): number => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = message[at++]!;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return Number(value);
    }
  };
  while (at < message.length) {
    const tag = varint();
    const read = (): number | Buffer => {
      switch (tag & 7) {
        case 0:
          return varint();
        case 1:
          return message.readDoubleLE((at += 8) - 8);
        case 5:
          return message.readFloatLE((at += 4) - 4);
        default: {
          const length = varint();
          return message.subarray((at += length) - length, at);
        }
      }
    };
    fields.set(tag >> 3, [...(fields.get(tag >> 3) ?? []), read()]);
  }
  return fields;
}

interface Seen {
  readonly step: number;
  readonly time: number;
  readonly values: Readonly<Record<string, number>>;
}

function scalarsIn(file: string): readonly Seen[] {
  return messagesOf(file).flatMap((message) => {
    const fields = fieldsOf(message);
    const [summary] = fields.get(5) ?? [];
    if (summary === undefined) return [];
    const values = (fieldsOf(summary as Buffer).get(1) ?? []).map((value) => {
      const [tag, scalar] = [1, 2].map((field) => fieldsOf(value as Buffer).get(field)![0]!);
      return [(tag as Buffer).toString('utf8'), scalar as number];
    });
    const [time, step] = [1, 2].map((field) => fields.get(field)![0] as number);
    return [{ step: step!, time: time!, values: Object.fromEntries(values) as Seen['values'] }];
  });
}

const files = (): readonly string[] => readdirSync(folder).sort();

test('sums are those of the published vectors', () => {
  expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
});

test('files begin with the version of their format; a run that goes on voids what follows its start', () => {
  const [first, second, ...others] = files();
  expect(others).toEqual([]);
  expect(first).toMatch(/^events\.out\.tfevents\.\d+\.unetc\.\d+$/);
  for (const file of [first!, second!]) {
    expect(fieldsOf(messagesOf(file)[0]!).get(3)![0]!.toString()).toBe('brain.Event:2');
  }
  const isStart = (message: Buffer): boolean => fieldsOf(message).has(7);
  expect(messagesOf(first!).filter(isStart)).toEqual([]);
  const [start] = messagesOf(second!).filter(isStart);
  expect(fieldsOf(start!).get(2)).toEqual([5]);
  expect(fieldsOf(fieldsOf(start!).get(7)![0] as Buffer).get(1)).toEqual([1]);
});

test('every step and every epoch of the log is there once, in the order of time', () => {
  const seen = files().flatMap(scalarsIn);
  const log = logOf(run) as readonly {
    readonly kind: string;
    readonly step: number;
    readonly loss: number;
    readonly validation?: { readonly loss: number };
  }[];
  const steps = seen.filter(({ values }) => 'loss/step' in values);
  const logged = log.filter(({ kind }) => kind === 'step');
  expect(logged.length).toBeGreaterThan(4);
  expect(steps.map(({ step, values }) => [step, values['loss/step']])).toEqual(
    logged.map(({ step, loss }) => [step, Math.fround(loss)]),
  );
  const epochs = seen.filter(({ values }) => 'loss/validation' in values);
  expect(epochs.map(({ step, values }) => [step, values['loss/validation']])).toEqual(
    log.flatMap(({ step, validation }) =>
      validation === undefined ? [] : [[step, Math.fround(validation.loss)]],
    ),
  );
  expect(Object.keys(epochs[0]!.values)).toEqual(
    expect.arrayContaining(['loss/training', 'metrics/dice', 'dice by class/class 1']),
  );
  const times = seen.map(({ time }) => time);
  expect([...times].sort((a, b) => a - b)).toEqual(times);
});

const python = [process.env['UNETC_PYTHON'], 'python3'].find(
  (name) => name !== undefined && spawnSync(name, ['-c', 'import tensorboard']).status === 0,
);
(python === undefined ? test.skip : test)('TensorBoard reads the same', () => {
  const program = `
import json, sys
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
events = EventAccumulator(sys.argv[1]).Reload()
print(json.dumps([[e.step, e.value] for e in events.Scalars('loss/step')]))
`;
  const { stdout, stderr } = spawnSync(python!, ['-c', program, folder], { encoding: 'utf8' });
  if (stdout === '') throw new Error(stderr);
  const steps = files()
    .flatMap(scalarsIn)
    .filter(({ values }) => 'loss/step' in values);
  expect(JSON.parse(stdout)).toEqual(steps.map(({ step, values }) => [step, values['loss/step']]));
});
