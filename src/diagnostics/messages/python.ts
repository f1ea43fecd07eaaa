import { error } from './message.js';

/** Training by PyTorch: what the emitted program and its Python cannot do. */
export const pythonMessages = {
  'python-channels': error(
    'UNET6300',
    (p: { model: string; channels: number; most: number }) =>
      `"${p.model}" takes images of ${p.channels} channels; in Python they are read by Pillow, which knows ${p.most} at most.`,
  ),
} as const;
