/** Numbers as pages show them; `–` where there is none. */

const none = '\u2013';

/** Four digits behind the point. */
export const decimal = (value: number | null | undefined, digits = 4): string =>
  value === null || value === undefined || !Number.isFinite(value) ? none : value.toFixed(digits);

/** `1,234,567`. */
export const counted = (value: number): string => value.toLocaleString('en-US');

/** `6.63 M`, three digits of meaning. */
export function short(value: number): string {
  const units = ['', ' k', ' M', ' G', ' T'];
  let rest = value;
  let unit = 0;
  while (rest >= 999.5 && unit < units.length - 1) {
    rest /= 1000;
    unit++;
  }
  return `${unit === 0 ? rest : Number(rest.toPrecision(3))}${units[unit]!}`;
}

/** `7.1 MiB`. */
export const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

/** `21.9 %`. */
export const share = (part: number, whole: number): string =>
  whole === 0 ? none : `${((100 * part) / whole).toFixed(1)} %`;

/** `4.2 s`, `52 s`, `4 min 12 s`, `1 h 3 min`. */
export function duration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
