/** How fields, columns and rows are called on the screen. */
import type { TFunction } from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { type Catalog, type Column, constantText, type VendorField } from './catalog';
import { type Fields, sourceKind } from './row';

export interface Names {
  /** Logical name and type: `telephone1 · Text (50)`. */
  columnDetail: (column: Column) => string;
  fieldDetail: (field: VendorField) => string;
  column: (catalog: Catalog, name: string | undefined) => string;
  source: (catalog: Catalog, fields: Fields) => string;
}

export function useNames(): Names {
  const { t } = useTranslation('mapping');
  return useMemo(() => namesIn(t), [t]);
}

function namesIn(t: TFunction<'mapping'>): Names {
  const typeOf = (column: Column) => {
    const type = t(`types.${column.type}`);
    return column.maxLength ? t('types.withLength', { type, length: column.maxLength }) : type;
  };
  return {
    columnDetail: (column) => `${column.name} · ${typeOf(column)}`,
    fieldDetail: (field) => `${t(`vendorTypes.${field.type}`)} · ${field.example}`,
    column: (catalog, name) => (name ? (catalog.columns.get(name)?.label ?? name) : t('row.nothing')),
    source: (catalog, fields) => sourceText(catalog, fields) || t('row.nothing'),
  };
}

function sourceText(catalog: Catalog, fields: Fields): string {
  switch (sourceKind(fields)) {
    case 'vendorField':
      return catalog.fields.get(fields.vendorField ?? '')?.label ?? fields.vendorField ?? '';
    case 'constant':
      return `“${constantText(catalog, fields)}”`;
    case 'template':
      return `“${fields.template}”`;
  }
}
