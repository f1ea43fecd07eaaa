/** Sorts tables by the column whose head is pressed: numbers by size, names as text. */
export function sortTables(): void {
  for (const table of document.querySelectorAll<HTMLTableElement>('table.sortable')) {
    const heads = [...table.tHead!.rows[0]!.cells];
    heads.forEach((head, column) => {
      const button = document.createElement('button');
      button.textContent = head.textContent;
      head.replaceChildren(button);
      button.addEventListener('click', () => {
        const isUp = head.getAttribute('aria-sort') !== 'ascending';
        for (const other of heads) other.removeAttribute('aria-sort');
        head.setAttribute('aria-sort', isUp ? 'ascending' : 'descending');
        sortBy(table.tBodies[0]!, column, isUp ? 1 : -1);
      });
    });
  }
}

function sortBy(body: HTMLTableSectionElement, column: number, sign: 1 | -1): void {
  const textOf = (row: HTMLTableRowElement): string => row.cells[column]!.textContent.trim();
  const rows = [...body.rows].sort((a, b) => sign * compare(textOf(a), textOf(b)));
  body.append(...rows);
}

function compare(a: string, b: string): number {
  const [first, second] = [Number(a), Number(b)];
  if (Number.isFinite(first) && Number.isFinite(second)) return first - second;
  return a.localeCompare(b, 'en', { numeric: true });
}
