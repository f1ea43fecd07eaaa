import type { Pair } from '../../ir/operations/ops.js';
import { describePicture } from './describe-picture.js';
import type { DrawnModel } from './kept-nodes.js';
import { renderDot } from './render-dot.js';
import { renderMermaid } from './render-mermaid.js';
import { renderSvg, type Theme } from './render-svg.js';

export const pictureFormats = ['svg', 'dot', 'mermaid'] as const;
export type PictureFormat = (typeof pictureFormats)[number];

export interface PictureOptions {
  readonly format: PictureFormat;
  /** Of SVG alone. */
  readonly theme: Theme;
  /** The input size that sizes are shown at; symbols without it. */
  readonly size?: Pair | undefined;
}

/** The picture of a model as text, the same every time. */
export async function emitPicture(
  model: DrawnModel,
  { format, theme, size }: PictureOptions,
): Promise<string> {
  const picture = describePicture(model, size);
  switch (format) {
    case 'svg':
      return renderSvg(picture, theme);
    case 'dot':
      return renderDot(picture);
    case 'mermaid':
      return renderMermaid(picture);
  }
}
