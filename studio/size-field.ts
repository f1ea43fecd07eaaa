import type { ImageSize } from '../src/lsp/protocol.js';
import { byId } from './elements.js';

/** The field for the size of an image, `512x512` or `500`; empty for symbols. */
export function prepareSize(onChange: () => void): {
  readonly size: () => ImageSize | undefined;
  set(height: number, width: number): void;
} {
  const field = byId<HTMLInputElement>('size');
  field.addEventListener('input', () => {
    const isWrong = field.value.trim() !== '' && read() === undefined;
    field.setAttribute('aria-invalid', String(isWrong));
    if (!isWrong) onChange();
  });
  return {
    size: read,
    set(height, width) {
      field.value = `${height}x${width}`;
      field.removeAttribute('aria-invalid');
      onChange();
    },
  };

  function read(): ImageSize | undefined {
    const written = /^\s*(\d{1,5})\s*(?:[xX×*,]\s*(\d{1,5}))?\s*$/.exec(field.value);
    if (written === null || Number(written[1]) === 0) return undefined;
    return [Number(written[1]), Number(written[2] ?? written[1])];
  }
}
