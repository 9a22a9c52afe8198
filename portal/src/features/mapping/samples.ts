/** Records for a preview: made of the vendor's examples, or read from what was pasted. */
import type { Catalog, VendorField } from './catalog';

export type VendorRecord = Record<string, unknown>;

const NUMBERS = new Set(['integer', 'decimal']);
/** What most records have. */
const USUAL = new Set(['id', 'firstName', 'lastName', 'companyName', 'email', 'name', 'website']);

export function sampleOf(catalog: Catalog, kind: 'full' | 'sparse'): VendorRecord {
  const fields = [...catalog.fields.values()].filter(({ name }) => kind === 'full' || USUAL.has(name));
  return Object.fromEntries(fields.map((field) => [field.name, exampleValue(field)]));
}

function exampleValue({ type, example }: VendorField): unknown {
  if (NUMBERS.has(type)) {
    return Number(example);
  }
  if (type === 'boolean') {
    return example === 'true';
  }
  return type === 'list' ? [example] : example;
}

/** A JSON object, or names and values as two lines of a spreadsheet; null for anything else. */
export function readRecord(text: string): VendorRecord | null {
  return text.trim().startsWith('{') ? readJson(text) : readLines(text);
}

function readJson(text: string): VendorRecord | null {
  try {
    return JSON.parse(text) as VendorRecord;
  } catch {
    return null;
  }
}

function readLines(text: string): VendorRecord | null {
  const [names, values] = text
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split('\t'));
  if (!names || !values || names.length !== values.length) {
    return null;
  }
  return Object.fromEntries(names.map((name, index) => [name.trim(), values[index]]));
}
