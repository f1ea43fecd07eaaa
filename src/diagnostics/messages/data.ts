import { counted } from '../counted.js';
import { error, warning } from './message.js';

/** Data sets, images, masks and training runs. */
export const dataMessages = {
  'data-folder-missing': error(
    'UNET6001',
    (p: { folder: string; expected: string }) =>
      `There is no folder "${p.folder}"; expected ${p.expected}.`,
  ),
  'data-folder-empty': error(
    'UNET6002',
    (p: { folder: string }) =>
      `The folder "${p.folder}" holds no images; expected PNG, JPEG or TIFF files.`,
  ),
  'image-without-mask': error(
    'UNET6003',
    (p: { image: string; folder: string; stem: string }) =>
      `The image "${p.image}" has no mask; expected a file named "${p.stem}" with any image extension in "${p.folder}".`,
  ),
  'mask-without-image': error(
    'UNET6004',
    (p: { mask: string; folder: string; stem: string }) =>
      `The mask "${p.mask}" has no image; expected a file named "${p.stem}" with any image extension in "${p.folder}".`,
  ),
  'duplicate-stem': error(
    'UNET6005',
    (p: { first: string; second: string }) =>
      `The files "${p.first}" and "${p.second}" differ in their extension only; expected one file for each name.`,
  ),
  'data-file-skipped': warning(
    'UNET6006',
    (p: { file: string }) =>
      `The file "${p.file}" is skipped; expected a name that ends in .png, .jpg, .jpeg, .tif or .tiff.`,
  ),
  'input-missing': error(
    'UNET6007',
    (p: { path: string }) =>
      `Nothing is found at "${p.path}"; expected an image file or a folder of images.`,
  ),
  'image-without-instances': error(
    'UNET6008',
    (p: { image: string; folder: string; stem: string }) =>
      `The image "${p.image}" has no instance mask; expected a file named "${p.stem}" with any image extension in "${p.folder}".`,
  ),
  'instances-not-grey': error(
    'UNET6009',
    (p: { file: string; found: string }) =>
      `The instance mask "${p.file}" is ${p.found}; expected a grey PNG or TIFF file of 8 or 16 bits: 0 for the background and a number for each object.`,
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
      `The file "${p.file}" is of the format ${p.format}; expected PNG, JPEG or TIFF.`,
  ),
  'image-depth-unsupported': error(
    'UNET6014',
    (p: { file: string; depth: string }) =>
      `The image "${p.file}" has samples of the type ${p.depth}; expected 8-bit or 16-bit unsigned numbers.`,
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
  'mask-size-differs': error(
    'UNET6020',
    (p: { mask: string; maskSize: string; imageSize: string }) =>
      `The mask "${p.mask}" has ${p.maskSize} pixels; its image has ${p.imageSize}.`,
  ),
  'mask-value-above-classes': error(
    'UNET6021',
    (p: { mask: string; values: string; classes: number; pixels: number }) =>
      `The mask "${p.mask}" holds ${p.values} in ${counted(p.pixels, 'pixel')}; expected class indices from 0 to ${p.classes - 1}.`,
  ),
  'mask-not-binary': error(
    'UNET6022',
    (p: { folder: string; values: string }) =>
      `The masks in "${p.folder}" hold the values ${p.values}; expected two values, one for each class.`,
  ),
  'mask-colour-unknown': error(
    'UNET6023',
    (p: { mask: string; colour: string; pixels: number; column: number; row: number }) =>
      `The mask "${p.mask}" holds the colour ${p.colour} in ${counted(p.pixels, 'pixel')}, first at column ${p.column}, row ${p.row}; expected colours of the table.`,
  ),
  'mask-colours-without-table': error(
    'UNET6024',
    (p: { mask: string }) =>
      `The mask "${p.mask}" is in colour and the recipe has no table of colours; expected a grey mask of class indices.`,
  ),
  'mask-lossy': warning(
    'UNET6025',
    (p: { folder: string; file: string; count: number }) =>
      `The folder "${p.folder}" holds ${counted(p.count, 'JPEG mask')}, such as "${p.file}"; their blurred values are split at 128.`,
  ),
  'mask-lossy-classes': error(
    'UNET6026',
    (p: { mask: string; what: string }) =>
      `The mask "${p.mask}" is a JPEG file, which blurs class values; expected PNG or TIFF for ${p.what}.`,
  ),
  'colour-count-differs': error(
    'UNET6027',
    (p: { colours: number; classes: number }) =>
      `The table of colours has ${p.colours === 1 ? '1 entry' : `${p.colours} entries`}; the head has ${p.classes} classes.`,
  ),
  'mask-classes-too-many': error(
    'UNET6028',
    (p: { classes: number; most: number }) =>
      `The head has ${p.classes} classes; masks can name at most ${p.most}.`,
  ),
  'mask-values-differ': error(
    'UNET6029',
    (p: { mask: string; values: string; expected: string }) =>
      `The mask "${p.mask}" holds ${p.values}; the masks for training hold ${p.expected}.`,
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
  'data-in-subfolders': error(
    'UNET6032',
    (p: { folder: string; subfolders: string }) =>
      `The folder "${p.folder}" holds no images itself but the folders ${p.subfolders}, which are not searched; expected all images in one folder.`,
  ),
  'data-subfolder-skipped': warning(
    'UNET6033',
    (p: { folder: string; images: number }) =>
      `The folder "${p.folder}" with ${counted(p.images, 'image')} is skipped: folders inside "images" and "masks" are not searched.`,
  ),
  'masks-mean-two-things': error(
    'UNET6034',
    (p: { indexed: string; indexedCount: number; full: string; fullCount: number }) =>
      `The mask value 255 would mean two things: in ${counted(p.fullCount, 'mask')} such as "${p.full}" it is the only value beside 0, in ${counted(p.indexedCount, 'mask')} such as "${p.indexed}" classes are numbers from 1 on and 255 would have no class.`,
  ),
  'mask-foreground-ignored': error(
    'UNET6035',
    (p: { masks: number; example: string; classes: number }) =>
      `${counted(p.masks, 'mask')} such as "${p.example}" ${p.masks === 1 ? 'holds' : 'hold'} nothing but 0 and 255, and 255 has no class; expected class indices from 0 to ${p.classes - 1}.`,
  ),
  'mask-alpha': error(
    'UNET6036',
    (p: { mask: string; found: string }) =>
      `The mask "${p.mask}" ${p.found}; expected grey levels or colours that say the class.`,
  ),
  'training-one-class': error(
    'UNET6037',
    (p: { found: string; masks: number }) =>
      `${p.found} in all ${counted(p.masks, 'training mask')}: there is nothing to learn.`,
  ),
  'validation-one-class': warning(
    'UNET6038',
    (p: { found: string; masks: number }) =>
      `${p.found} in all ${counted(p.masks, 'validation mask')}: metrics of the other classes have no value.`,
  ),
  'classes-absent': warning(
    'UNET6039',
    (p: { classes: string; count: number }) =>
      `The ${p.count === 1 ? 'class' : 'classes'} ${p.classes} ${p.count === 1 ? 'occurs' : 'occur'} in no training mask; the network cannot learn ${p.count === 1 ? 'it' : 'them'}.`,
  ),
  'mask-lossy-unclear': error(
    'UNET6060',
    (p: { mask: string; found: string }) =>
      `The JPEG mask "${p.mask}" ${p.found}; expected two values, one dark and one bright.`,
  ),
  'images-differ-in-range': warning(
    'UNET6061',
    (p: { dark: number; example: string; high: number; others: number; most: number }) =>
      `${counted(p.dark, 'image')} of 16 bits such as "${p.example}" ${p.dark === 1 ? 'holds' : 'hold'} no value above ${p.high}, ${counted(p.others, 'other')} reach ${p.most}: they may have been stored in different ways.`,
  ),
  'classes-never-found': warning(
    'UNET6062',
    (p: { classes: string; count: number; unit: 'pixel' | 'image' }) =>
      `The network found no ${p.unit} of the ${p.count === 1 ? 'class' : 'classes'} ${p.classes}.`,
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
  'pair-swapped': error(
    'UNET6070',
    (p: { mask: string }) =>
      `The mask "${p.mask}" looks like a photograph, and its image holds a few values alone, as masks do: they seem to be swapped.`,
  ),
  'images-of-one-value': warning(
    'UNET6071',
    (p: { images: number; example: string }) =>
      `${counted(p.images, 'image')} such as "${p.example}" ${p.images === 1 ? 'has' : 'have'} the same value in every pixel: there is nothing to see in ${p.images === 1 ? 'it' : 'them'}.`,
  ),
  'window-size-not-legal': error(
    'UNET6040',
    (p: { policy: string; axis: string; size: number; legal: string }) =>
      `The ${p.axis} ${p.size} of "${p.policy}" is no legal input size of the network; expected ${p.legal}.`,
  ),
  'image-size-not-covered': error(
    'UNET6041',
    (p: { axis: string; size: number }) =>
      `No legal input size of the network covers an image of ${p.axis} ${p.size}.`,
  ),
  'overlap-too-large': error(
    'UNET6042',
    (p: { overlap: number; cover: number; axis: string }) =>
      `The overlap ${p.overlap} leaves no step between tiles; expected less than ${p.cover}, the ${p.axis} that one tile gives.`,
  ),
  'mask-without-zero': error(
    'UNET6043',
    (p: { folder: string; low: number; high: number; beside: string }) =>
      `The masks in "${p.folder}" hold the values ${p.low} and ${p.high} ${p.beside}, so that either may be the background; expected 0 for the background and one other value.`,
  ),
  'metric-needs-pixels': error(
    'UNET6044',
    (p: { metric: string; head: string }) =>
      `The metric "${p.metric}" measures outlines in masks; head "${p.head}" judges whole images and gives none.`,
  ),
  'frozen-at-random': warning(
    'UNET6045',
    (p: { missing: number; all: number }) =>
      `Nothing gives ${p.missing} of the ${p.all} weights of the frozen encoder: they start at random numbers and stay there.`,
  ),
  'demo-folder-not-empty': error(
    'UNET6050',
    (p: { folder: string }) =>
      `The folder "${p.folder}" has content already; expected a new or an empty folder.`,
  ),
} as const;
