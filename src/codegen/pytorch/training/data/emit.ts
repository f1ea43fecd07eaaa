import type { Result } from '../../../../diagnostics/diagnostic.js';
import { printableLine } from '../../../../diagnostics/text-width.js';
import { textTargets } from '../../../text-targets.js';
import type { TrainedModel } from '../trained-model.js';
import { layOut } from '../../../python/layout.js';
import { docstring } from '../../../python/docstring.js';
import { arrayConstants } from './arrays.js';
import { augmentText, isWarp } from './augment.js';
import { foregroundText } from './foreground.js';
import { filesText, needsOf } from './files.js';
import { masksText } from './masks.js';
import { orderText } from './order.js';
import { pixelsText } from './pixels.js';
import { placeOf } from './parts.js';
import { planData, type DataPlan } from './plan.js';
import { randomText } from './random.js';
import { sampleText, scalingConstants } from './sample.js';
import { mapsText } from './maps.js';
import { targetsText } from './targets.js';
import { windowsText } from './windows.js';

/**
 * `data.py` for one model: finds, reads, cuts, augments and scales images and masks as
 * `unetc train` does, in Python that imports numpy, Pillow and PyTorch. Laid out as ruff's
 * formatter does by default; equal input gives equal bytes. What Pillow does not
 * read of TIFF, and arrays of numpy, it reads itself.
 *
 * @param file the spec's name, without folders.
 */
export function emitData(model: TrainedModel, file: string): Result<string | undefined> {
  const planned = planData(model);
  const plan = planned.value;
  if (plan === undefined) return { value: undefined, diagnostics: planned.diagnostics };
  const sections = [
    constantsText(plan),
    ...filesText(plan),
    ...pixelsText(plan, needsOf(plan).sizes),
    ...masksText(plan),
    ...mapsText(plan),
    ...targetsText(plan),
    ...randomSections(plan),
    ...windowsText(plan),
    ...augmentText(plan),
    ...foregroundText(plan),
    ...sampleText(plan),
    orderText(plan),
  ];
  const body = sections.join('\n\n\n');
  const doc = docstring(0, [
    `Images and masks as ${plan.model} is trained on them, from ${placeOf(plan.data)}, or from shards train-*.tar and val-*.tar of NAME.image.png and NAME.mask.png.`,
    'What is drawn for a sample follows from the seed, the epoch and its index alone, as in unetc: workers, processes and resumes change nothing.',
  ]);
  const head = printableLine(`${textTargets.pytorch.firstWords}${file}; edits are lost.`);
  const text = `${[head, ...doc].join('\n')}\n\n${importsOf(body)}\n\n${body}\n`;
  return { value: text, diagnostics: [] };
}

function constantsText(plan: DataPlan): string {
  const { classes, colours, ignore, maps, augment } = plan;
  const { levels } = needsOf(plan);
  const grey = (ignore ?? []).filter((level) => typeof level === 'number');
  const none =
    colours === undefined
      ? grey
      : (ignore ?? []).flatMap((each) => (typeof each === 'number' ? [] : [pack(each)]));
  const known = colours?.map(pack) ?? Array.from({ length: classes }, (_, level) => level);
  const without = ignore === undefined && colours === undefined ? [255] : none;
  const shown = (level: number): string =>
    colours === undefined
      ? String(level)
      : `0x${level.toString(16).toUpperCase().padStart(6, '0')}`;
  const table = [
    ...known
      .filter((level) => !without.includes(level))
      .map((level) => `(${shown(level)}, ${known.indexOf(level)})`),
    ...without.map((level) => `(${shown(level)}, IGNORED)`),
  ];
  const isWarped = augment.some(isWarp);
  const isRetouched = augment.some((call) => !isWarp(call));
  return [
    'Pixels = NDArray[np.float32]',
    'Doubles = NDArray[np.floating[Any]]',
    'Levels = NDArray[np.int64]',
    'Mask = NDArray[np.uint8]',
    '# Samples as files have them.',
    'Stored = NDArray[Any]',
    'Places = NDArray[np.int64]',
    ...(isWarped
      ? [
          '# Takes places in a sample to where they come from.',
          'Warp = Callable[[Doubles, Doubles], tuple[Doubles, Doubles]]',
        ]
      : []),
    ...(isRetouched ? ['Retouch = Callable[[Doubles], Doubles]'] : []),
    '',
    'FORMATS = ("PNG", "JPEG", "TIFF", "WEBP")',
    'ENDINGS = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".npy")',
    'MODES = ("1", "L", "LA", "P", "RGB", "RGBA", "I;16", "I;16B")',
    ...arrayConstants,
    '# The class of pixels that have none.',
    'IGNORED = 255',
    ...(maps.length > 0 ? [`CLASSES = ${classes}`] : []),
    ...(levels && ignore !== undefined
      ? layOut(0, `NO_CLASS = (${grey.join(', ')}${grey.length === 1 ? ',' : ''})`)
      : []),
    ...(levels ? [] : ['# The class of each level of the masks.', ...tableLines('LEVELS', table)]),
    ...scalingConstants(plan),
  ].join('\n');
}

/** A tuple of a file, on one line or with a line for each entry, as ruff's formatter has it. */
function tableLines(name: string, entries: readonly string[]): readonly string[] {
  const line = `${name} = (${entries.join(', ')}${entries.length === 1 ? ',' : ''})`;
  if (line.length <= 88) return [line];
  return [`${name} = (`, ...entries.map((entry) => `    ${entry},`), ')'];
}

const pack = ([red, green, blue]: readonly [number, number, number]): number =>
  red * 65536 + green * 256 + blue;

function randomSections({ augment }: DataPlan): readonly string[] {
  return [randomText({ normal: augment.some(({ name }) => name === 'elastic') })];
}

/** The imports of what a text uses, in ruff's order. */
function importsOf(text: string): string {
  const uses = (word: string): boolean => new RegExp(`\\b${word}\\b`).test(text);
  const line = (condition: boolean, ...lines: readonly string[]): readonly string[] =>
    condition ? lines : [];
  const abc = ['Callable', 'Iterator'].filter(uses);
  return [
    'import io',
    ...line(uses('itertools\\.count'), 'import itertools'),
    ...line(/\bmath\./.test(text), 'import math'),
    ...line(/\bposixpath\./.test(text), 'import posixpath'),
    'import struct',
    'import tarfile',
    'import zlib',
    ...line(uses('Counter'), 'from collections import Counter'),
    `from collections.abc import ${abc.join(', ')}`,
    ...line(uses('ThreadPoolExecutor'), 'from concurrent.futures import ThreadPoolExecutor'),
    ...line(uses('sha256'), 'from hashlib import sha256'),
    'from pathlib import Path, PurePosixPath',
    'from typing import Any, NamedTuple',
    '',
    'import numpy as np',
    'import torch',
    'from numpy.typing import NDArray',
    `from PIL import ${uses('ExifTags') ? 'ExifTags, ' : ''}Image, ImageOps, UnidentifiedImageError`,
    'from PIL.TiffImagePlugin import TiffImageFile',
    'from torch import Tensor',
    'from torch.utils.data import Dataset, Sampler',
  ].join('\n');
}
