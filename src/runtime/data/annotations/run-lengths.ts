/**
 * The lengths of runs in COCO's short text: each is written in groups of five bits, the lowest
 * first, as characters from "0" on; bit 5 says that another group follows, bit 4 of the last one
 * is the sign. From the fourth on, a length is told as its difference from that two before it
 * (`rleFrString` of the COCO API). Undefined where the text is cut short or holds other characters.
 */
export function readRunText(text: string): readonly number[] | undefined {
  const counts: number[] = [];
  for (let at = 0; at < text.length;) {
    let value = 0;
    for (let shift = 0; ; shift += 5) {
      const code = text.charCodeAt(at++) - 48;
      // No length of an image needs more than seven groups.
      if (!(code >= 0 && code < 64) || shift > 30) return undefined;
      value += (code & 31) * 2 ** shift;
      if (code < 32) {
        if ((code & 16) !== 0) value -= 2 ** (shift + 5);
        break;
      }
    }
    counts.push(counts.length > 2 ? value + counts.at(-2)! : value);
  }
  return counts;
}
