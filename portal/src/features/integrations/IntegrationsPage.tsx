/** Admin portal → Integrations: a tile for each product that can be connected. */
import { useTranslation } from 'react-i18next';
import { useApi } from '../../api/ApiContext';
import { Loaded } from '../../ui/Loaded';
import { Page } from '../../ui/Page';
import { DynamicsTile, TileSkeleton } from './DynamicsTile';
import styles from './IntegrationsPage.module.css';

export function IntegrationsPage() {
  const { t } = useTranslation('integrations');
  const connection = useApi().$api.useQuery('get', '/connection');
  return (
    <Page title={t('title')} lead={t('lead')}>
      <Loaded query={connection} skeleton={<TileSkeleton />}>
        {(found) => (
          <ul className={styles.tiles}>
            <li>
              <DynamicsTile connection={found} />
            </li>
          </ul>
        )}
      </Loaded>
    </Page>
  );
}
