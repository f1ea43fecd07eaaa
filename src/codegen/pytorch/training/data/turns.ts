import type { AugmentationName, ComponentCall } from '../../../../ir/recipe.js';

/** Whether an augmentation turns the window of a sample by quarters. */
export const isTurn = ({ name }: ComponentCall<AugmentationName>): boolean => name === 'rotate90';

/** The function that draws the quarters of one sample. */
export const drawTurn = (name: string): string => `def ${name}(random: Random) -> int:
    """How many quarters a sample turns by."""
    return random.integer(4)`;

/** What turning needs besides; ruff's formatter leaves it as it is. */
export const turnHelper = `def turned(quarters: int, top: int, left: int, height: int, width: int) -> Warp | None:
    """A turn of a window about its centre; one that is not square turns by halves."""
    turns = quarters % 4 if height == width else quarters % 2 * 2
    middle, centre = top + (height - 1) / 2, left + (width - 1) / 2

    def move(y: Doubles, x: Doubles) -> tuple[Doubles, Doubles]:
        y, x = y - middle, x - centre
        if turns == 2:
            return middle - y, centre - x
        if turns == 1:
            return middle + x, centre - y
        return middle - x, centre + y

    return move if turns > 0 else None`;
