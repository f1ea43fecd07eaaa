import type { OtherCategories } from '../../../ir/data-source.js';
import type { CocoAnnotation } from './coco-objects.js';

/** Where the objects of an image are outlined, in place of a mask that stores every pixel. */
export type Annotations = {
  /** The data folder, which files that are read stay in. */
  readonly folder: string;
  readonly others: OtherCategories;
} & (
  | /** In a document of COCO, which has been read. */
    {
      readonly kind: 'coco';
      /** The size that the document says, where it says one. */
      readonly width: number | undefined;
      readonly height: number | undefined;
      readonly objects: readonly CocoAnnotation[];
    } /** In a document of labelme of the image's own, at the mask's path. */
  | { readonly kind: 'labelme' } /** Nowhere: nobody saved a document for the image. */
  | { readonly kind: 'none' }
);
