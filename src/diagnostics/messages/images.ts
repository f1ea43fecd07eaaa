import { counted } from '../counted.js';
import { error, warning } from './message.js';

/** Folders of data and the images in them. */
export const imageMessages = {
  'data-folder-missing': error(
    'UNET6001',
    (p: { folder: string; expected: string }) =>
      `There is no folder "${p.folder}"; expected ${p.expected}.`,
  ),
  'data-folder-empty': error(
    'UNET6002',
    (p: { folder: string }) =>
      `The folder "${p.folder}" holds no images; expected PNG, JPEG, TIFF, WebP or NPY files.`,
  ),
  'duplicate-stem': error(
    'UNET6005',
    (p: { first: string; second: string }) =>
      `The files "${p.first}" and "${p.second}" differ in their extension only; expected one file for each name.`,
  ),
  'data-file-skipped': warning(
    'UNET6006',
    (p: { file: string }) =>
      `The file "${p.file}" is skipped; expected a name that ends in .png, .jpg, .jpeg, .tif, .tiff, .webp or .npy.`,
  ),
  'input-missing': error(
    'UNET6007',
    (p: { path: string }) =>
      `Nothing is found at "${p.path}"; expected an image file or a folder of images.`,
  ),
  'image-unreadable': error(
    'UNET6010',
    (p: { file: string; reason: string }) => `The file "${p.file}" cannot be read: ${p.reason}.`,
  ),
  'image-empty': error(
    'UNET6011',
    (p: { file: string }) => `The file "${p.file}" is empty; expected an image.`,
  ),
  'image-too-large': error(
    'UNET6012',
    (p: { file: string; width: number; height: number; limit: number }) =>
      `The image "${p.file}" has ${p.width} x ${p.height} pixels; expected at most ${p.limit} in all.`,
  ),
  'image-format-unsupported': error(
    'UNET6013',
    (p: { file: string; format: string }) =>
      `The file "${p.file}" is of the format ${p.format}; expected PNG, JPEG, TIFF, WebP or NPY.`,
  ),
  'image-depth-unsupported': error(
    'UNET6014',
    (p: { file: string; depth: string }) =>
      `The image "${p.file}" has samples of the type ${p.depth}; expected real numbers.`,
  ),
  'image-many-pages': error(
    'UNET6015',
    (p: { file: string; pages: number }) =>
      `The file "${p.file}" holds ${p.pages} pages; expected one image in each file.`,
  ),
  'image-channels-mismatch': error(
    'UNET6016',
    (p: { file: string; channels: string; expected: number }) =>
      `The image "${p.file}" is ${p.channels}; the network's input has ${counted(p.expected, 'channel')}.`,
  ),
  'image-not-written': error(
    'UNET6017',
    (p: { file: string; reason: string }) => `The file "${p.file}" cannot be written: ${p.reason}.`,
  ),
  'images-transparent': warning(
    'UNET6018',
    (p: { images: number; example: string }) =>
      `${counted(p.images, 'image')} such as "${p.example}" ${p.images === 1 ? 'has' : 'have'} transparent pixels, and the network's input has no channel for them: they are laid over black.`,
  ),
  'images-dark': warning(
    'UNET6019',
    (p: { depth: number; high: number; largest: number; unit: string }) =>
      `The ${p.depth}-bit images hold no value above ${p.high}: divided by ${p.largest}, as "scaling" does, they reach ${p.unit} of 1.`,
  ),
  'image-changed': error(
    'UNET6030',
    (p: { file: string; found: string; expected: string }) =>
      `The file "${p.file}" changed while it was in use: it has ${p.found} pixels; it had ${p.expected}.`,
  ),
  'data-parts-missing': error(
    'UNET6031',
    (p: { folder: string; missing: string; expected: string }) =>
      `The folder "${p.folder}" lacks ${p.missing}; expected ${p.expected}.`,
  ),
  'demo-folder-not-empty': error(
    'UNET6050',
    (p: { folder: string }) =>
      `The folder "${p.folder}" has content already; expected a new or an empty folder.`,
  ),
  'images-differ-in-range': warning(
    'UNET6061',
    (p: { dark: number; example: string; high: number; others: number; most: number }) =>
      `${counted(p.dark, 'image')} of 16 bits such as "${p.example}" ${p.dark === 1 ? 'holds' : 'hold'} no value above ${p.high}, ${counted(p.others, 'other')} reach ${p.most}: they may have been stored in different ways.`,
  ),
  'images-unlike-training': warning(
    'UNET6063',
    (p: {
      depth: number;
      example: string;
      high: number;
      scaled: number;
      usual: number;
      how: string;
    }) =>
      `The ${p.depth}-bit images, such as "${p.example}", hold values up to ${p.high}, after scaling ${p.scaled}; the training images went up to ${p.usual}: the network sees ${p.how} images than it was trained on.`,
  ),
  'images-of-one-value': warning(
    'UNET6071',
    (p: { images: number; example: string }) =>
      `${counted(p.images, 'image')} such as "${p.example}" ${p.images === 1 ? 'has' : 'have'} the same value in every pixel: there is nothing to see in ${p.images === 1 ? 'it' : 'them'}.`,
  ),
  'data-list-unreadable': error(
    'UNET6087',
    (p: { file: string; reason: string }) =>
      `The list "${p.file}" that the recipe names cannot be read: ${p.reason}.`,
  ),
  'listed-name-unknown': error(
    'UNET6088',
    (p: { file: string; line: number; name: string }) =>
      `Line ${p.line} of "${p.file}" names "${p.name}"; there is no pair of that name.`,
  ),
  'listed-in-both': error(
    'UNET6089',
    (p: { file: string; line: number; name: string }) =>
      `Line ${p.line} of "${p.file}" names "${p.name}", which is in the list of the other part, too; expected each pair in one.`,
  ),
  'pair-list-bad': error(
    'UNET6090',
    (p: { file: string; line: number; found: string; expected: string }) =>
      `Line ${p.line} of "${p.file}" ${p.found}; expected ${p.expected}.`,
  ),
  'groups-too-few': error(
    'UNET6091',
    (p: { folder: string; split: string; groups: number; needed: number }) =>
      `The pairs of "${p.folder}" are ${counted(p.groups, 'group')}; the split "${p.split}" needs at least ${p.needed}, since groups are never divided.`,
  ),
  'part-empty': error(
    'UNET6092',
    (p: { folder: string; part: string; split: string }) =>
      `The split "${p.split}" leaves no pair of "${p.folder}" for "${p.part}"; expected one at least.`,
  ),
  'data-names-unfit': error(
    'UNET6093',
    (p: { folder: string; files: number; suffix: string }) =>
      `None of the ${counted(p.files, 'image file')} in "${p.folder}" has a name that ends in "${p.suffix}", as "pairs" says.`,
  ),
  'data-name-skipped': warning(
    'UNET6094',
    (p: { file: string; suffix: string }) =>
      `The file "${p.file}" is skipped: its name does not end in "${p.suffix}", as "pairs" says.`,
  ),
  'images-of-numbers': warning(
    'UNET6095',
    (p: { images: number; low: number; high: number }) =>
      `${counted(p.images, 'image')} of floating-point numbers ${p.images === 1 ? 'holds' : 'hold'} values from ${p.low} to ${p.high}: without a range they are taken as they are, and networks expect about 0 to 1.`,
  ),
  'image-not-finite': error(
    'UNET6096',
    (p: { file: string; values: number; found: string }) =>
      `The image "${p.file}" holds ${p.values} ${p.values === 1 ? 'value' : 'values'} that ${p.values === 1 ? 'is' : 'are'} no number, such as ${p.found}; expected finite numbers.`,
  ),
  'mask-not-whole': error(
    'UNET6097',
    (p: { mask: string; value: number }) =>
      `The mask "${p.mask}" holds the value ${p.value}; expected whole numbers from 0 to 65535.`,
  ),
} as const;
