/** The rows that have the sought text in what they join; all of them where nothing is sought. */
import { Text } from '@fluentui/react-components';
import { useDeferredValue, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../../ui/EmptyState';
import type { Catalog } from './catalog';
import { useEditor } from './EditorContext';
import type { Editing } from './editing';
import { type Names, useNames } from './names';
import { RowTable } from './RowTable';
import type { Row } from './row';

export function FoundRows({ state, text }: { state: Editing; text: string }) {
  const { t } = useTranslation('mapping');
  const { catalog } = useEditor();
  const names = useNames();
  const wanted = useDeferredValue(text).trim().toLowerCase();
  const shown = useMemo(
    () => (wanted ? state.rows.filter((row) => textOf(row, catalog, names).includes(wanted)) : state.rows),
    [state.rows, wanted, catalog, names],
  );
  if (state.rows.length === 0) {
    return <EmptyState title={t('empty.title')}>{t('empty.detail')}</EmptyState>;
  }
  return shown.length > 0 ? (
    <RowTable state={state} shown={shown} />
  ) : (
    <Text>{t('noneFound', { text })}</Text>
  );
}

function textOf({ fields }: Row, catalog: Catalog, names: Names): string {
  const parts = [
    names.source(catalog, fields),
    names.column(catalog, fields.column),
    fields.column,
    fields.vendorField,
  ];
  return parts.join(' ').toLowerCase();
}
