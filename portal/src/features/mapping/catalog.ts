/** The two sides that a mapping joins, looked up by name: vendor fields and Dynamics columns. */
import type { components } from '../../api/schema';
import { type Fields, sourceKind } from './row';

type Schemas = components['schemas'];
export type VendorField = Schemas['VendorFieldPayload'];
export type Column = Schemas['ColumnPayload'];
export type Suggestion = Schemas['SuggestionPayload'];
type ColumnType = Schemas['ColumnType'];

export interface Catalog {
  fields: Map<string, VendorField>;
  columns: Map<string, Column>;
  /** Columns for each vendor field, best first. */
  suggested: Map<string, Suggestion['columns']>;
  required: Column[];
}

const TEXTS: ReadonlySet<ColumnType> = new Set(['String', 'Memo']);
const CHOICES: ReadonlySet<ColumnType> = new Set(['Picklist', 'MultiSelectPicklist', 'State', 'Status']);
const LOOKUPS: ReadonlySet<ColumnType> = new Set(['Lookup', 'Customer', 'Owner']);
/** Above it the names say that field and column belong together. */
const ALIKE = 1;

export function catalogOf(fields: VendorField[], columns: Column[], suggestions: Suggestion[]): Catalog {
  const writable = columns.filter(isWritable).sort((one, other) => one.label.localeCompare(other.label));
  return {
    fields: new Map(fields.map((field) => [field.name, field])),
    columns: new Map(writable.map((column) => [column.name, column])),
    suggested: new Map(suggestions.map((each) => [each.vendorField, each.columns])),
    required: writable.filter((column) => column.required),
  };
}

function isWritable(column: Column): boolean {
  return column.mappable && (column.writableOnCreate || column.writableOnUpdate);
}

/** Whether the row's source may feed the column. */
export function fits(catalog: Catalog, fields: Fields, column: Column): boolean {
  if (sourceKind(fields) === 'template') {
    return isText(column);
  }
  const field = catalog.fields.get(fields.vendorField ?? '');
  return field === undefined || field.columnTypes.includes(column.type);
}

/** The column that a vendor field most probably belongs to, where its name says so. */
export function bestColumn(catalog: Catalog, field: string): string | null {
  const best = catalog.suggested.get(field)?.find((each) => each.score > ALIKE);
  return best && catalog.columns.has(best.column) ? best.column : null;
}

/** The vendor field that a column most probably takes. */
export function bestField(catalog: Catalog, column: string): string | null {
  let best: { field: string; score: number } | null = null;
  for (const [field, columns] of catalog.suggested) {
    const score = columns.find((each) => each.column === column)?.score ?? 0;
    if (score > (best?.score ?? ALIKE)) {
      best = { field, score };
    }
  }
  return best?.field ?? null;
}

/** What a record would hold by the examples of its fields. */
export function exampleOf(catalog: Catalog, fields: Fields): string {
  switch (sourceKind(fields)) {
    case 'vendorField':
      return catalog.fields.get(fields.vendorField ?? '')?.example ?? '';
    case 'constant':
      return constantText(catalog, fields);
    case 'template':
      return (fields.template ?? '').replace(
        /\{([^{}]+)\}/g,
        (_, name: string) => catalog.fields.get(name)?.example ?? '',
      );
  }
}

/** A fixed value as people read it: of a choice its label, not its number. */
export function constantText(catalog: Catalog, { constant, column }: Fields): string {
  const options = catalog.columns.get(column ?? '')?.options ?? [];
  return options.find(({ value }) => value === constant)?.label ?? String(constant ?? '');
}

export const isText = (column: Column) => TEXTS.has(column.type);
export const isChoice = (column: Column) => CHOICES.has(column.type);
export const isLookup = (column: Column) => LOOKUPS.has(column.type);
export const isDate = (column: Column) => column.type === 'DateTime';
export const isFlag = (column: Column) => column.type === 'Boolean';
export const isList = (column: Column) => isText(column) || column.type === 'MultiSelectPicklist';

/** The row fed into another column: options that make no sense for its type are gone. */
export function withColumn(fields: Fields, column: Column | undefined): Fields {
  const kept: Fields = { ...fields, column: column?.name ?? '' };
  if (!column || !isText(column)) {
    delete kept.tooLong;
    delete kept.phoneFormat;
  }
  if (!column || !isList(column)) {
    delete kept.separator;
  }
  delete kept.choices;
  delete kept.otherChoice;
  delete kept.lookup;
  if (!column || !isDate(column)) {
    delete kept.dateFormat;
  }
  if (!column || !isFlag(column)) {
    delete kept.trueWords;
    delete kept.falseWords;
  }
  return kept;
}
