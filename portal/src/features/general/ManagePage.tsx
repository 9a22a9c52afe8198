/** Manage: the tabs of a connected Dynamics 365. */
import { Tab, TabList } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { Outlet, useLocation, useNavigate } from 'react-router';
import { LinkButton } from '../../ui/LinkButton';
import { Page } from '../../ui/Page';

const BASE = '/integrations/dynamics';

export function ManagePage() {
  const { t } = useTranslation('general');
  const { pathname } = useLocation();
  const navigate = useNavigate();
  const selected = pathname.startsWith(`${BASE}/mapping`) ? 'mapping' : 'general';
  return (
    <Page title={t('manage')} actions={<LinkButton to={`${BASE}/connect`}>{t('connectionOf')}</LinkButton>}>
      <TabList selectedValue={selected} onTabSelect={(_, { value }) => void navigate(`${BASE}/${value}`)}>
        <Tab value="general">{t('general')}</Tab>
        <Tab value="mapping">{t('mapping')}</Tab>
      </TabList>
      <Outlet />
    </Page>
  );
}
