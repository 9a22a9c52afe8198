/** Which columns of an input are fields of the vendor, by name or by label. */
import type { components } from '../../../api/schema';
import type { Row } from './csv';
import type { Input } from './input';

type VendorField = components['schemas']['VendorFieldPayload'];

export interface InputColumn {
  title: string;
  field: VendorField | null;
}

/** In the order in which they come; labels count in the header of a CSV file alone, as the service reads it. */
export function columnsOf(input: Input, fields: readonly VendorField[]): InputColumn[] {
  const byTitle = new Map(fields.map((field) => [field.name, field]));
  if (input.mediaType === 'text/csv') {
    for (const field of fields) {
      byTitle.set(field.label.toLowerCase(), field);
    }
    for (const field of fields) {
      byTitle.set(field.name.toLowerCase(), field);
    }
  }
  const titles = [...new Set(input.sample.flatMap((row) => Object.keys(row)))].filter(
    (title) => title !== '',
  );
  return titles.map((title) => ({ title, field: byTitle.get(key(input, title)) ?? null }));
}

/** The record as the service would read it. */
export function recordOf(row: Row, columns: readonly InputColumn[]): Row {
  return Object.fromEntries(
    columns
      .filter((column) => row[column.title] !== undefined && row[column.title] !== '')
      .map((column) => [column.field?.name ?? column.title, row[column.title]]),
  );
}

export function shown(value: unknown): string {
  if (value === null || value === undefined) {
    return '';
  }
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function key(input: Input, title: string): string {
  return input.mediaType === 'text/csv' ? title.toLowerCase() : title;
}
