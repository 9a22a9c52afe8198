/** One export: its progress, its outcomes, and what can be done about them. */
import { useTranslation } from 'react-i18next';
import { Page } from '../../ui/Page';

export function ExportPage() {
  const { t } = useTranslation('exports');
  return <Page title={t('one.title')} />;
}
