/** Settings → Integrations: a user's own connection, to the organization that the administrators connected. */
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../api/ApiContext';
import { EmptyState } from '../../ui/EmptyState';
import { Loaded } from '../../ui/Loaded';
import { Page } from '../../ui/Page';
import { OwnConnection } from './OwnConnection';

export function SettingsPage() {
  const { t } = useTranslation('settings');
  const { $api } = useApi();
  const queries = useQueryClient();
  const tenant = $api.useQuery('get', '/connection');
  const own = $api.useQuery('get', '/me/connection');
  return (
    <Page title={t('title')} lead={t('lead')}>
      <Loaded query={tenant}>
        {(company) =>
          company.organizationUrl && company.enabled ? (
            <Loaded query={own}>
              {(connection) => (
                <OwnConnection
                  connection={connection}
                  organizationUrl={company.organizationUrl ?? ''}
                  onChanged={() => void queries.invalidateQueries()}
                />
              )}
            </Loaded>
          ) : (
            <EmptyState title={t(company.organizationUrl ? 'off.title' : 'none.title')}>
              {t(company.organizationUrl ? 'off.detail' : 'none.detail')}
            </EmptyState>
          )
        }
      </Loaded>
    </Page>
  );
}
