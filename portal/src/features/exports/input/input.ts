/** What is to be exported: a file or pasted text, its kind, and its first records. */
import { type Row, rowsOfCsv } from './csv';

export type MediaType = 'application/x-ndjson' | 'text/csv';

export interface Input {
  /** The file's; null for what was pasted. */
  name: string | null;
  content: Blob;
  mediaType: MediaType;
  sample: Row[];
  /** How many records it has; null where only its beginning was read. */
  total: number | null;
}

/** Why a text is no input, as a key of the texts. */
export type Defect = 'empty' | 'notJson' | 'notRecords' | 'largeJson' | 'noRows';

export class Unreadable extends Error {
  readonly defect: Defect;

  constructor(defect: Defect) {
    super(defect);
    this.defect = defect;
  }
}

const SHOWN = 5;
const HEAD_BYTES = 256 * 1024;
// A list of JSON has to be read as a whole; lines of JSON do not.
const LARGEST_LIST_BYTES = 64 * 1024 * 1024;

/** Unreadable where the file cannot be one. */
export async function inputOfFile(file: File): Promise<Input> {
  const head = await file.slice(0, HEAD_BYTES).text();
  const isWhole = file.size <= HEAD_BYTES;
  if (isList(head)) {
    if (file.size > LARGEST_LIST_BYTES) {
      throw new Unreadable('largeJson');
    }
    return inputOfText(await file.text(), file.name);
  }
  const text = isWhole ? head : head.slice(0, head.lastIndexOf('\n') + 1);
  const { mediaType, rows } = read(text);
  const total = isWhole ? rows.length : null;
  return { name: file.name, content: file, mediaType, sample: rows.slice(0, SHOWN), total };
}

export function inputOfText(text: string, name: string | null = null): Input {
  const { mediaType, rows, lines } = read(text);
  const content = new Blob([lines], { type: mediaType });
  return { name, content, mediaType, sample: rows.slice(0, SHOWN), total: rows.length };
}

function read(raw: string): { mediaType: MediaType; rows: Row[]; lines: string } {
  const text = raw.replace(/^\uFEFF/, '').trim();
  if (text === '') {
    throw new Unreadable('empty');
  }
  if (isList(text)) {
    const rows = listOf(text);
    return {
      mediaType: 'application/x-ndjson',
      rows,
      lines: rows.map((row) => JSON.stringify(row)).join('\n'),
    };
  }
  if (text.startsWith('{')) {
    return { mediaType: 'application/x-ndjson', rows: rowsOfLines(text), lines: text };
  }
  const rows = rowsOfCsv(text);
  if (rows.length === 0) {
    throw new Unreadable('noRows');
  }
  return { mediaType: 'text/csv', rows, lines: text };
}

/** Whether JSON goes over several lines: a list, or one object with or of records. */
function isList(text: string): boolean {
  const start = text.replace(/^\uFEFF/, '').trimStart();
  return start.startsWith('[') || (start.startsWith('{') && !isJson(start.split('\n', 1)[0] ?? ''));
}

function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

function listOf(text: string): Row[] {
  const found = parsed(text);
  const list = Array.isArray(found) ? found : Object(found).records;
  const rows = Array.isArray(list) ? list : [found];
  if (rows.length === 0) {
    throw new Unreadable('empty');
  }
  if (!rows.every(isRow)) {
    throw new Unreadable('notRecords');
  }
  return rows;
}

/** Lines that are no records are left for the export, which says of each what is wrong; the first has to be one. */
function rowsOfLines(text: string): Row[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => (isJson(line) ? parsed(line) : {}))
    .map((row) => (isRow(row) ? row : {}));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Unreadable('notJson');
  }
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
