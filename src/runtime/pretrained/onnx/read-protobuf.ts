import { TensorFileError } from '../tensor-file.js';

/** One field of a message: its number, and a number or the bytes of what it holds. */
export interface ProtobufField {
  readonly number: number;
  readonly value: number | Buffer;
}

/**
 * The fields of a message of Protocol Buffers, in their order
 * (https://protobuf.dev/programming-guides/encoding). Numbers above 2^53 lose digits. Throws
 * `TensorFileError` where the bytes are none.
 */
export function* fieldsOf(bytes: Buffer): Generator<ProtobufField> {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = bytes[at++];
      if (byte === undefined) break;
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
    throw damaged();
  };
  const take = (length: number): Buffer => {
    if (length > bytes.length - at) throw damaged();
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const tag = varint();
    const number = Math.floor(tag / 8);
    switch (tag % 8) {
      case 0:
        yield { number, value: varint() };
        break;
      case 1:
        yield { number, value: take(8) };
        break;
      case 2:
        yield { number, value: take(varint()) };
        break;
      case 5:
        yield { number, value: take(4) };
        break;
      default:
        throw damaged();
    }
  }
}

const damaged = (): TensorFileError => new TensorFileError('it is damaged or cut short');
