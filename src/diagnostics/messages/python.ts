import { counted } from '../counted.js';
import { error } from './message.js';

/** Training by PyTorch: what the emitted program and its Python cannot do, and data for it. */
export const pythonMessages = {
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
  'shard-unreadable': error(
    'UNET6316',
    (p: { file: string; reason: string }) => `The shard "${p.file}" cannot be read: ${p.reason}.`,
  ),
  'shards-incomplete': error(
    'UNET6317',
    (p: { folder: string; part: string; found: number; expected: number }) =>
      `"${p.folder}" holds ${counted(p.found, 'shard')} of "${p.part}"; by their names there are ${p.expected}.`,
  ),
  'shard-pair-incomplete': error(
    'UNET6318',
    (p: { file: string; name: string; found: string }) =>
      `The shard "${p.file}" holds ${p.found} of "${p.name}"; expected an "image" and a "mask".`,
  ),
  'shard-name-twice': error(
    'UNET6319',
    (p: { first: string; second: string }) =>
      `"${p.first}" and "${p.second}" are the same file of one pair; expected each name once in all shards of a part.`,
  ),
  'shards-empty': error(
    'UNET6320',
    (p: { part: string; shards: number }) =>
      `No pair is in the ${counted(p.shards, 'shard')} of "${p.part}"; expected files such as "a.image.png" and "a.mask.png".`,
  ),
  'python-missing': error(
    'UNET6303',
    (p: { python: string; reason: string }) =>
      `The Python "${p.python}" cannot be used: ${p.reason}.`,
  ),
  'python-lacks': error(
    'UNET6304',
    (p: { python: string; packages: string }) =>
      `The Python "${p.python}" lacks what training needs: ${p.packages}.`,
  ),
  'python-too-old': error(
    'UNET6314',
    (p: { python: string; what: string; found: string; oldest: string }) =>
      `The Python "${p.python}" has ${p.what} ${p.found}; expected ${p.oldest} or newer.`,
  ),
  'processes-without-images': error(
    'UNET6315',
    (p: { processes: number; batch: number; images: number }) =>
      `${p.processes} processes cannot share batches of ${p.batch} of ${p.images} images; expected an image for each.`,
  ),
  'python-failed': error(
    'UNET6305',
    (p: { how: string }) => `Training in Python ended ${p.how} before the last epoch.`,
  ),
  'resume-by-other-kind': error(
    'UNET6306',
    (p: { folder: string; stored: string; given: string }) =>
      `"${p.folder}" is trained by "${p.stored}"; "${p.given}" cannot go on with it, for neither reads the optimizer of the other.`,
  ),
  'option-of-pytorch': error(
    'UNET6307',
    (p: { option: string }) => `"${p.option}" is for "--engine pytorch".`,
  ),
  'nodes-incomplete': error(
    'UNET6308',
    (p: { missing: string }) =>
      `Several machines need "--nodes", "--node-rank" and "--rendezvous" together; ${p.missing} missing.`,
  ),
  'node-rank-too-large': error(
    'UNET6309',
    (p: { rank: number; nodes: number; last: number }) =>
      `"--node-rank ${p.rank}" is none of ${p.nodes} machines, which are numbered from 0 to ${p.last}.`,
  ),
} as const;
