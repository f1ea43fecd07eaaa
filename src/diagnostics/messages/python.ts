import { error } from './message.js';

/** Training by PyTorch: what the emitted program and its Python cannot do, and data for it. */
export const pythonMessages = {
  'python-channels': error(
    'UNET6300',
    (p: { model: string; channels: number; most: number }) =>
      `"${p.model}" takes images of ${p.channels} channels; in Python they are read by Pillow, which knows ${p.most} at most.`,
  ),
  'shards-not-empty': error(
    'UNET6301',
    (p: { folder: string; found: string }) =>
      `"${p.folder}" holds "${p.found}" already; shards are written into a folder of their own, and replace nothing.`,
  ),
  'shard-names-alike': error(
    'UNET6302',
    (p: { first: string; second: string; name: string }) =>
      `"${p.first}" and "${p.second}" would both be called "${p.name}" in a shard.`,
  ),
} as const;
