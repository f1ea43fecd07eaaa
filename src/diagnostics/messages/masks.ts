import { counted } from '../counted.js';
import { error, warning } from './message.js';

/** Masks, and the classes that they say. */
export const maskMessages = {
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
  'mask-without-zero': error(
    'UNET6043',
    (p: { folder: string; low: number; high: number; beside: string }) =>
      `The masks in "${p.folder}" hold the values ${p.low} and ${p.high} ${p.beside}, so that either may be the background; expected 0 for the background and one other value.`,
  ),
  'mask-lossy-unclear': error(
    'UNET6060',
    (p: { mask: string; found: string }) =>
      `The JPEG mask "${p.mask}" ${p.found}; expected two values, one dark and one bright.`,
  ),
  'classes-never-found': warning(
    'UNET6062',
    (p: { classes: string; count: number; unit: 'pixel' | 'image' }) =>
      `The network found no ${p.unit} of the ${p.count === 1 ? 'class' : 'classes'} ${p.classes}.`,
  ),
  'pair-swapped': error(
    'UNET6070',
    (p: { mask: string }) =>
      `The mask "${p.mask}" looks like a photograph, and its image holds a few values alone, as masks do: they seem to be swapped.`,
  ),
} as const;
