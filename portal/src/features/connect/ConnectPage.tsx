/** Connect: the organization's address, the sign-in, and for whom it is switched on. */
import { useTranslation } from 'react-i18next';
import { Page } from '../../ui/Page';

export function ConnectPage() {
  const { t } = useTranslation('connect');
  return <Page title={t('title')} />;
}
