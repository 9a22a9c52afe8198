/** Export → New: choose records, see how they map, start. */
import { useTranslation } from 'react-i18next';
import { Page } from '../../ui/Page';

export function NewExportPage() {
  const { t } = useTranslation('exports');
  return <Page title={t('new.title')} />;
}
