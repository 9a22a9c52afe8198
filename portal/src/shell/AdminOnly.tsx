/** Lets only administrators on; everybody else reads why not. */
import { useTranslation } from 'react-i18next';
import { Outlet } from 'react-router';
import { usePerson } from '../auth/SessionContext';
import { EmptyState } from '../ui/EmptyState';
import { LinkButton } from '../ui/LinkButton';
import { Page } from '../ui/Page';

export function AdminOnly() {
  const { t } = useTranslation();
  if (usePerson().isAdmin) {
    return <Outlet />;
  }
  return (
    <Page title={t('adminOnly.title')}>
      <EmptyState
        title={t('adminOnly.heading')}
        action={<LinkButton to="/settings/integrations">{t('adminOnly.action')}</LinkButton>}
      >
        {t('adminOnly.detail')}
      </EmptyState>
    </Page>
  );
}
