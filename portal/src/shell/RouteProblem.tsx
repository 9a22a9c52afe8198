/** What is shown in place of a screen that failed to load or to render; the rest of the portal goes on. */
import { useTranslation } from 'react-i18next';
import { useRouteError } from 'react-router';
import { Page } from '../ui/Page';
import { ProblemMessage } from '../ui/ProblemMessage';

export function RouteProblem() {
  const { t } = useTranslation();
  return (
    <Page title={t('failed.title')}>
      <ProblemMessage error={useRouteError()} onRetry={() => location.reload()} />
    </Page>
  );
}
