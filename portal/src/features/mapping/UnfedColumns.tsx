/** Required Dynamics fields that no row feeds, each with a row for it at hand. */
import {
  Button,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
} from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { bestField } from './catalog';
import { useEditor } from './EditorContext';
import { focusPart } from './focus';
import { type Row, rowOf } from './row';
import { unfed } from './standing';

export function UnfedColumns({ rows }: { rows: Row[] }) {
  const { t } = useTranslation('mapping');
  const { catalog } = useEditor();
  const add = useAddRowFor();
  const columns = unfed(rows, catalog);
  if (columns.length === 0) {
    return null;
  }
  return (
    <MessageBar intent="warning" layout="multiline">
      <MessageBarBody>
        <MessageBarTitle>{t('unfed.title', { count: columns.length })}</MessageBarTitle>
        {t('unfed.detail')}
      </MessageBarBody>
      <MessageBarActions>
        {columns.map((column) => (
          <Button key={column.name} onClick={() => add(column.name)}>
            {t('unfed.add', { column: column.label })}
          </Button>
        ))}
      </MessageBarActions>
    </MessageBar>
  );
}

/** Adds a row that feeds a column, from the vendor field that most probably belongs to it. */
export function useAddRowFor(): (column: string) => void {
  const { catalog, edit } = useEditor();
  return (column) => {
    const row = rowOf({ vendorField: bestField(catalog, column) ?? '', column });
    edit({ type: 'added', row });
    focusPart(row.key, 'source', 'center');
  };
}
