/** One row of the mapping as it is edited: its source, its column, and what it says beside them. */
import type { components } from '../../api/schema';

type Schemas = components['schemas'];
export type ObjectType = Schemas['ObjectType'];
export type RowPayload = Schemas['MappingRowPayload'];

/** A row as the API takes it; what is left out has its default. */
export type Fields = Partial<RowPayload>;

/** The key stays the same for as long as the row is on the screen, wherever it is moved. */
export interface Row {
  key: string;
  fields: Fields;
}

export const SOURCES = ['vendorField', 'constant', 'template'] as const;
export type SourceKind = (typeof SOURCES)[number];

const DEFAULTS: Fields = {
  updateOption: 'fillIfMissing',
  onInvalid: 'skipValue',
  tooLong: 'refuse',
  phoneFormat: 'asItIs',
  separator: '; ',
  otherChoice: null,
  dateFormat: null,
  lookup: null,
  block: null,
  protectEdits: false,
};
const PLAIN = new Set(['vendorField', 'constant', 'template', 'column', 'updateOption']);

let created = 0;

export function rowOf(fields: Fields): Row {
  created += 1;
  return { key: `row-${created}`, fields };
}

export function sourceKind(fields: Fields): SourceKind {
  return SOURCES.find((kind) => fields[kind] != null) ?? 'vendorField';
}

/** The row without what has its default, its members in one order: equal rows are equal texts. */
export function plainFields(fields: Fields): Fields {
  const kept = Object.entries(fields).filter(([name, value]) => !isDefault(name, value));
  return Object.fromEntries(kept.sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** Whether something is set that only the side panel shows. */
export function hasOptions(fields: Fields): boolean {
  return Object.keys(plainFields(fields)).some((name) => !PLAIN.has(name));
}

function isDefault(name: string, value: unknown): boolean {
  if (value === undefined || value === null || value === DEFAULTS[name as keyof Fields]) {
    return true;
  }
  return Array.isArray(value) ? value.length === 0 : isEmptyObject(value);
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

/** What the API is sent; a blank choice of the panel is no entry of the map. */
export function payloadOf(fields: Fields): RowPayload {
  return plainFields(fields) as RowPayload;
}
