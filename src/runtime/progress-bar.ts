/** Cells of the bar itself. */
const barLength = 24;

/** `########................`: how much of something is done, a part from 0 to 1. */
export function progressBar(done: number, mark: string): string {
  const filled = Math.round(done * barLength);
  return `${mark.repeat(filled)}${'.'.repeat(barLength - filled)}`;
}

/** `1:05`, `1:02:03`. */
export function formatSeconds(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const twoDigits = (value: number): string => String(value).padStart(2, '0');
  const minutes = Math.floor(whole / 60) % 60;
  const hours = Math.floor(whole / 3600);
  const tail = twoDigits(whole % 60);
  return hours > 0 ? `${hours}:${twoDigits(minutes)}:${tail}` : `${minutes}:${tail}`;
}
