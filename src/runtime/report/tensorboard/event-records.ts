import { crc32c } from '../../../files/index.js';
import {
  doubleField,
  floatField,
  integerField,
  joined,
  messageField,
  textField,
  type Part,
} from '../../../codegen/onnx/protobuf.js';
import type { Scalar } from './scalars.js';

/**
 * Records of the files that TensorBoard reads: messages `Event`
 * (tensorflow/core/util/event.proto), each in a frame of TFRecord
 * (https://www.tensorflow.org/tutorials/load_data/tfrecord#tfrecords_format_details).
 */

/** Fields of `Event`. */
const event = { wallTime: 1, step: 2, fileVersion: 3, summary: 5, sessionLog: 7 } as const;
/** Of `Summary` and of its values. */
const summaryValue = 1;
const value = { tag: 1, simpleValue: 2 } as const;
/** Of `SessionLog`, with its state `START`. */
const status = 1;
const start = 1;

/** The record that a file begins with. @param seconds since 1970. */
export const fileVersion = (seconds: number): Uint8Array =>
  record([doubleField(event.wallTime, seconds), textField(event.fileVersion, 'brain.Event:2')]);

/** Says that steps from this one on are done again: what earlier files hold of them is void. */
export const sessionStart = (seconds: number, step: number): Uint8Array =>
  record([
    doubleField(event.wallTime, seconds),
    integerField(event.step, step),
    messageField(event.sessionLog, integerField(status, start)),
  ]);

/** The scalars of one step. */
export function scalarRecord(
  seconds: number,
  step: number,
  scalars: readonly Scalar[],
): Uint8Array {
  const values = scalars.map((scalar) =>
    messageField(
      summaryValue,
      textField(value.tag, scalar.tag),
      floatField(value.simpleValue, scalar.value),
    ),
  );
  return record([
    doubleField(event.wallTime, seconds),
    integerField(event.step, step),
    messageField(event.summary, ...values),
  ]);
}

/** A message in its frame: its length and itself, each followed by its masked CRC-32C. */
function record(parts: readonly Part[]): Uint8Array {
  const message = joined(parts.flat());
  const framed = new Uint8Array(8 + 4 + message.byteLength + 4);
  const view = new DataView(framed.buffer);
  view.setBigUint64(0, BigInt(message.byteLength), true);
  view.setUint32(8, masked(crc32c(framed.subarray(0, 8))), true);
  framed.set(message, 12);
  view.setUint32(12 + message.byteLength, masked(crc32c(message)), true);
  return framed;
}

/** Turned and shifted, for sums of data that hold sums themselves. */
const masked = (crc: number): number => (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
