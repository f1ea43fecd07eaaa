/** A network that people can start from, as the build wrote it down. */
export interface Example {
  readonly name: string;
  /** The start of its documentation. */
  readonly about: string;
  readonly text: string;
}
