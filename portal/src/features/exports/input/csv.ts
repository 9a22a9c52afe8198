/** The records of a CSV text, for a look at the first of them; the service reads the file itself. */
export type Row = Record<string, unknown>;

const DELIMITERS = [',', ';', '\t'] as const;

export function rowsOfCsv(text: string): Row[] {
  const first = text.split('\n', 1)[0] ?? '';
  const delimiter = DELIMITERS.reduce((best, each) =>
    count(first, each) > count(first, best) ? each : best,
  );
  const [titles = [], ...rest] = cellsOf(text, delimiter);
  return rest
    .filter((cells) => cells.some((cell) => cell !== ''))
    .map((cells) => Object.fromEntries(titles.map((title, at) => [title.trim(), cells[at] ?? ''])));
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}

/** A cell in quotes may hold the delimiter, the end of a line, and a quote that is written twice. */
function cellsOf(text: string, delimiter: string): string[][] {
  const rows: string[][] = [[]];
  const cell = new RegExp(`("(?:[^"]|"")*"|[^${delimiter}\\r\\n]*)(${delimiter}|\\r?\\n|$)`, 'y');
  while (cell.lastIndex < text.length) {
    const [, content = '', end = ''] = cell.exec(text) ?? [];
    if (content === '' && end === '') {
      break;
    }
    rows.at(-1)?.push(content.startsWith('"') ? content.slice(1, -1).replaceAll('""', '"') : content);
    if (end.endsWith('\n')) {
      rows.push([]);
    }
  }
  return rows;
}
