/** Export → New: choose records, see how they map, start. */
import { useTranslation } from 'react-i18next';
import { Page } from '../../ui/Page';
import { NewExportForm } from './NewExportForm';
import { ReadyToExport } from './ReadyToExport';

export function NewExportPage() {
  const { t } = useTranslation('exports');
  return (
    <Page title={t('new.title')} lead={t('new.lead')}>
      <ReadyToExport>
        <NewExportForm />
      </ReadyToExport>
    </Page>
  );
}
