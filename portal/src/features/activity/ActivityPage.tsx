/** Activity: audit log, connection check, limits used. */
import { useTranslation } from 'react-i18next';
import { Page } from '../../ui/Page';

export function ActivityPage() {
  const { t } = useTranslation('activity');
  return <Page title={t('title')} />;
}
