import { jsonText } from '../../../diagnostics/json-text.js';
import { factsEntry } from './facts-entry.js';
import { bytesOf, type NamedTensor } from './named-tensor.js';

/** Bytes that the values begin at a multiple of, as the format asks. */
const alignment = 8;

/**
 * A safetensors file (github.com/huggingface/safetensors) in pieces that lie behind each other.
 * Its metadata say that the tensors are PyTorch's, which other libraries look for, and what is
 * known of the network.
 */
export function safetensorsFile(
  tensors: readonly NamedTensor[],
  facts: unknown,
): readonly Uint8Array[] {
  let end = 0;
  const entries = tensors.map(({ name, shape, values }) => {
    const place = [end, (end += values.byteLength)];
    return [name, { dtype: 'F32', shape, data_offsets: place }];
  });
  const metadata = { format: 'pt', [factsEntry]: jsonText(facts, 0) };
  const header = Object.fromEntries([['__metadata__', metadata], ...entries]) as object;
  const text = new TextEncoder().encode(JSON.stringify(header));
  const filled = Math.ceil(text.length / alignment) * alignment;
  const start = new Uint8Array(8 + filled).fill(0x20, 8);
  new DataView(start.buffer).setBigUint64(0, BigInt(filled), true);
  start.set(text, 8);
  return [start, ...tensors.map(bytesOf)];
}
