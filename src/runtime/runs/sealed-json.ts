import { parseJson } from '../../files/index.js';
import { digestOf } from './stored-file.js';

/** A JSON file whose last field is the SHA-256 of its bytes, that field's digits taken as zeros. */
export interface SealedJson {
  readonly value: unknown;
  /** The checksum; files with the same one have the same bytes. */
  readonly seal: string;
}

const zeros = '0'.repeat(64);

/**
 * The text of an object with its own checksum as the last field, `sha256`. Any
 * program reads it as plain JSON; any other byte in it shows.
 */
export function sealJson(fields: Readonly<Record<string, unknown>>, indent?: number): Buffer {
  const bytes = Buffer.from(`${JSON.stringify({ ...fields, sha256: zeros }, null, indent)}\n`);
  bytes.write(digestOf(bytes), sealStart(bytes), 'latin1');
  return bytes;
}

/** Reads what `sealJson` made; where a byte differs, says in words what is wrong. */
export function openSealedJson(bytes: Buffer): SealedJson | { readonly problem: string } {
  if (bytes.length === 0) return { problem: 'it is empty' };
  const ending = /^[0-9a-f]{64}"\s*\}\n$/;
  const start = sealStart(bytes);
  const end = bytes.subarray(Math.max(0, start)).toString('latin1');
  if (start < 0 || !ending.test(end)) {
    return {
      problem:
        parseJson(bytes.toString('utf8')) !== undefined
          ? 'it has no checksum at its end'
          : 'it is cut short, or no JSON',
    };
  }
  const seal = end.slice(0, zeros.length);
  const blank = Buffer.from(bytes);
  blank.write(zeros, start, 'latin1');
  if (digestOf(blank) !== seal) return { problem: 'its content differs from what was written' };
  return { value: JSON.parse(bytes.toString('utf8')) as unknown, seal };
}

function sealStart(bytes: Buffer): number {
  const at = bytes.lastIndexOf('"sha256":');
  return at < 0 ? -1 : bytes.indexOf('"', at + '"sha256":'.length) + 1;
}
