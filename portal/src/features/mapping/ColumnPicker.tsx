/** The Dynamics field of a row: the suggested first, then what fits, then, for the record, what does not. */
import { useTranslation } from 'react-i18next';
import { type Catalog, type Column, fits, withColumn } from './catalog';
import { useEditor } from './EditorContext';
import { partId } from './focus';
import { type Names, useNames } from './names';
import { Picker, type PickerGroup } from './Picker';
import type { Fields, Row } from './row';

export function ColumnPicker(props: {
  row: Row;
  number: number;
  isInvalid: boolean;
  describedBy: string | undefined;
}) {
  const { t } = useTranslation('mapping');
  const { catalog, edit } = useEditor();
  const names = useNames();
  const { key, fields } = props.row;
  const column = catalog.columns.get(fields.column ?? '');
  const labels = {
    suggested: t('column.suggested'),
    fitting: t('column.fitting'),
    unfitting: t('column.unfitting'),
  };
  return (
    <Picker
      id={partId(key, 'column')}
      label={t('column.ofRow', { number: props.number })}
      placeholder={t('column.choose')}
      value={fields.column ?? ''}
      text={column?.label ?? (fields.column ? t('column.gone', { name: fields.column }) : '')}
      isInvalid={props.isInvalid}
      describedBy={props.describedBy}
      groups={() => groupsOf(catalog, fields, { names, labels })}
      onPick={(name) => edit({ type: 'changed', key, fields: withColumn(fields, catalog.columns.get(name)) })}
    />
  );
}

interface Words {
  names: Names;
  labels: { suggested: string; fitting: string; unfitting: string };
}

/** How many suggestions stand before the others. */
const MOST_SUGGESTED = 3;

function groupsOf(catalog: Catalog, fields: Fields, { names, labels }: Words): PickerGroup[] {
  const all = [...catalog.columns.values()];
  const suggested = (catalog.suggested.get(fields.vendorField ?? '') ?? [])
    .filter((each) => each.score >= 1)
    .slice(0, MOST_SUGGESTED)
    .flatMap((each) => catalog.columns.get(each.column) ?? []);
  const fitting = all.filter((column) => fits(catalog, fields, column));
  const item = (column: Column) => ({
    value: column.name,
    label: column.label,
    detail: names.columnDetail(column),
    isRequired: column.required,
  });
  return [
    { label: labels.suggested, items: suggested.map(item) },
    { label: labels.fitting, items: fitting.filter((each) => !suggested.includes(each)).map(item) },
    {
      label: labels.unfitting,
      items: all
        .filter((column) => !fits(catalog, fields, column))
        .map((column) => ({ ...item(column), isDisabled: true })),
    },
  ];
}
