/** The build reads specs as texts. */
declare module '*.unet' {
  const text: string;
  export default text;
}
