/** An address at which there is no screen. */
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../ui/EmptyState';
import { LinkButton } from '../ui/LinkButton';
import { Page } from '../ui/Page';

export function NotFoundPage() {
  const { t } = useTranslation();
  return (
    <Page title={t('notFound.title')}>
      <EmptyState
        title={t('notFound.heading')}
        action={<LinkButton to="/">{t('notFound.action')}</LinkButton>}
      >
        {t('notFound.detail')}
      </EmptyState>
    </Page>
  );
}
