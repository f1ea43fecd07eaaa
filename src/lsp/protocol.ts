/**
 * What the server answers beyond the Language Server Protocol. The server and the
 * editors' clients import this one file; it holds names and types, nothing that runs
 * a server.
 */

/** The network as a picture. */
export const pictureRequest = 'unetc/picture';
/** The network as a module of a target that is a text. */
export const emitRequest = 'unetc/emit';

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

export type PictureResult = Picture | Unavailable;
export type EmitResult = EmittedModule | Unavailable;
