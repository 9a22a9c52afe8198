/** How the record is found that a lookup points at: by which field of which table. */
import { Field, Input, Select } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { Column } from '../catalog';
import type { OptionProps } from './option';

export function LookupOptions({ fields, change, column }: OptionProps & { column: Column }) {
  const { t } = useTranslation('mapping');
  const only = column.targets.length === 1 ? column.targets[0] : undefined;
  const lookup = fields.lookup ?? { table: only ?? '', column: '' };
  return (
    <>
      <Field label={t('options.lookupTable')} required>
        <Select
          value={lookup.table}
          onChange={(_, { value }) => change({ lookup: { ...lookup, table: value } })}
        >
          <option value="">{t('options.lookupChooseTable')}</option>
          {column.targets.map((table) => (
            <option key={table} value={table}>
              {table}
            </option>
          ))}
        </Select>
      </Field>
      <Field label={t('options.lookupColumn')} hint={t('options.lookupColumnHint')} required>
        <Input
          value={lookup.column}
          maxLength={100}
          onChange={(_, { value }) => change({ lookup: { ...lookup, column: value.trim() } })}
        />
      </Field>
    </>
  );
}
