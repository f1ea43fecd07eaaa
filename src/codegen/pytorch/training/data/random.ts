/** The generator of unetc's runtime, draw for draw; ruff's formatter leaves it as it is. */
export function randomText({ normal }: { readonly normal: boolean }): string {
  return normal ? `${core}${normals}` : core.trimEnd();
}

const core = `WORD = 0xFFFFFFFF


def mix(value: int) -> int:
    """Mixes the bits of a word."""
    value ^= value >> 16
    value = value * 0x21F0AAAD & WORD
    value ^= value >> 15
    value = value * 0x735A2D97 & WORD
    return value ^ value >> 15


class Random:
    """Random numbers of a seed, as unetc draws them: xoshiro128** (Blackman and Vigna
    2018), started by SplitMix with words of 32 bits.
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed & WORD
        words = [mix(self.seed + n * 0x9E3779B9 & WORD) for n in range(1, 5)]
        self.a, self.b, self.c, self.d = words

    def fork(self, label: str) -> "Random":
        """A stream of its own, fixed by seed and label, whatever else was drawn."""
        found = 0x811C9DC5 ^ mix(self.seed + 0x85EBCA6B & WORD)
        for sign in label:
            found = (found ^ ord(sign)) * 0x01000193 & WORD
        return Random(mix(found))

    def bits(self) -> int:
        """A uniform integer of 32 bits."""
        product = self.b * 5 & WORD
        result = (product << 7 | product >> 25) * 9 & WORD
        c, d = self.c ^ self.a, self.d ^ self.b
        self.a, self.b, self.c = self.a ^ d, self.b ^ c, c ^ self.b << 9 & WORD
        self.d = (d << 11 | d >> 21) & WORD
        return result

    def uniform(self, low: float = 0.0, high: float = 1.0) -> float:
        """A uniform number in [low, high)."""
        return low + (high - low) * (self.bits() / 2**32)

    def integer(self, n: int) -> int:
        """A uniform integer in [0, n), without bias."""
        value = self.bits()
        while value >= 2**32 - 2**32 % n:
            value = self.bits()
        return value % n

    def permutation(self, n: int) -> list[int]:
        """The integers below n in random order (Fisher and Yates)."""
        values = list(range(n))
        for last in range(n - 1, 0, -1):
            other = self.integer(last + 1)
            values[last], values[other] = values[other], values[last]
        return values
`;

const normals = `
    def normals(self, n: int) -> list[float]:
        """Normal numbers in pairs (Box and Muller 1958)."""
        values: list[float] = []
        while len(values) < n:
            radius = math.sqrt(-2 * math.log((self.bits() + 1) / 2**32))
            angle = 2 * math.pi * self.uniform()
            values += [radius * math.cos(angle), radius * math.sin(angle)]
        return values[:n]`;
