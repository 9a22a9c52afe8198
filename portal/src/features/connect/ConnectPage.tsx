/** Connect: sign in to the organization, grant access for its users, switch it on; then what comes next. */
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../api/ApiContext';
import { useTagged } from '../../api/tagged';
import { Loaded } from '../../ui/Loaded';
import { Page } from '../../ui/Page';
import { LinesSkeleton } from '../../ui/skeletons';
import { AccessStep } from './AccessStep';
import { Congratulations } from './Congratulations';
import styles from './ConnectPage.module.css';
import { ConsentStep } from './ConsentStep';
import { OrganizationStep } from './OrganizationStep';

const ACCESS = ['access'] as const;

export function ConnectPage() {
  const { t } = useTranslation('connect');
  const queries = useQueryClient();
  const connection = useApi().$api.useQuery('get', '/connection');
  const access = useTagged(ACCESS, (api) => api.GET('/access'));
  const reload = () => void queries.invalidateQueries();
  return (
    <Page title={t('title')} lead={t('lead')}>
      <Loaded query={connection} skeleton={<LinesSkeleton lines={12} />}>
        {(found) => (
          <Loaded query={access} skeleton={<LinesSkeleton lines={12} />}>
            {(stored) => (
              <ol className={styles.steps}>
                <OrganizationStep connection={found} onChanged={reload} />
                <ConsentStep connection={found} onChanged={reload} />
                <AccessStep
                  key={stored.etag}
                  stored={stored}
                  queryKey={ACCESS}
                  connected={found.state === 'connected'}
                />
                {found.state === 'connected' && stored.value.enabled && (
                  <Congratulations connection={found} />
                )}
              </ol>
            )}
          </Loaded>
        )}
      </Loaded>
    </Page>
  );
}
