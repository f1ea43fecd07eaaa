/**
 * What the server answers beyond the Language Server Protocol. The server and the
 * editors' clients import this one file; it holds names and types, nothing that runs
 * a server.
 */

/** The network as a picture. */
export const pictureRequest = 'unetc/picture';
/** The network as a module of a target that is a text. */
export const emitRequest = 'unetc/emit';

/** The network with its sizes, costs and places in the text: what a page shows beside the text. */
export const networkRequest = 'unetc/network';

/** Which model of which document; the first of the file where `model` is left out. */
export interface ModelParams {
  readonly uri: string;
  readonly model?: string;
}

/** What modules are made for: the names that `unetc build --target` has for them. */
export type EmitTarget = 'ts' | 'pytorch' | 'keras';

export interface EmitParams extends ModelParams {
  /** `ts` unless given. */
  readonly target?: EmitTarget;
}

export type PictureTheme = 'light' | 'dark';

export interface PictureParams extends ModelParams {
  /** `light` unless given. */
  readonly theme?: PictureTheme;
}

/** The model that was taken, and the names of all that the file holds, in its order. */
export interface ModelChoice {
  readonly model: string;
  readonly models: readonly string[];
}

/** Why there is nothing to show: one sentence for people. */
export interface Unavailable {
  readonly kind: 'unavailable';
  readonly reason: string;
}

export interface Picture extends ModelChoice {
  readonly kind: 'picture';
  /** One SVG element, without scripts and without anything from outside. */
  readonly svg: string;
}

export interface EmittedModule extends ModelChoice {
  readonly kind: 'module';
  /** Absent in answers of earlier servers, which wrote TypeScript alone. */
  readonly target?: EmitTarget;
  /** What `unetc build` writes. */
  readonly text: string;
}

/** Height and width in pixels. */
export type ImageSize = readonly [height: number, width: number];

export interface NetworkParams extends ModelParams {
  /** `light` unless given. */
  readonly theme?: PictureTheme;
  /** The size to show shapes and costs at; symbols, and costs at an example, where left out or illegal. */
  readonly size?: ImageSize;
}

/** Where something stands in the document: lines and UTF-16 columns from 0. */
export interface TextRange {
  readonly start: { readonly line: number; readonly character: number };
  readonly end: { readonly line: number; readonly character: number };
}

/** One tensor that the spec names, with what leads to it. */
export interface NetworkStage {
  readonly name: string;
  /** In the order in which they run: `conv, relu, conv, relu`. */
  readonly operations: string;
  /** Height, width, channels. */
  readonly shape: readonly [number | string, number | string, number];
  readonly parameters: number;
  /** Multiply-adds for one image. */
  readonly macs: number;
  /** What training keeps of it for one image. */
  readonly activationBytes: number;
}

/** Why an image of the wished size cannot run, in sentences, and what can. */
export interface SizeProblem {
  readonly message: string;
  readonly notes: readonly string[];
  readonly nearest: readonly ImageSize[];
}

export interface NetworkView extends ModelChoice {
  readonly kind: 'network';
  /** One SVG element; its boxes have the name of their tensor as `data-tensor`. */
  readonly svg: string;
  /** The size that costs are counted at. */
  readonly size: ImageSize;
  /** Of the size that was asked for. */
  readonly problem?: SizeProblem;
  /** The legal heights and widths, in words. */
  readonly legal: { readonly height: string; readonly width: string };
  readonly parameters: { readonly total: number; readonly trainable: number };
  readonly macs: number;
  readonly activationBytes: number;
  readonly stages: readonly NetworkStage[];
  readonly outputs: readonly Pick<NetworkStage, 'name' | 'shape'>[];
  /** Where tensors come from in this document, by their names. */
  readonly places: Readonly<Record<string, TextRange>>;
}

export type NetworkResult = NetworkView | Unavailable;
export type PictureResult = Picture | Unavailable;
export type EmitResult = EmittedModule | Unavailable;
