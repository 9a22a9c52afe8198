/** Export → History: what was exported, when, and what became of it. */
import { useTranslation } from 'react-i18next';
import { Page } from '../../ui/Page';

export function HistoryPage() {
  const { t } = useTranslation('exports');
  return <Page title={t('history.title')} />;
}
