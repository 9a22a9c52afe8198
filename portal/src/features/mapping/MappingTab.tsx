/** Manage → Mapping: which vendor field goes to which Dynamics field, for accounts and for leads. */
import { Tab, TabList, Text } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { Navigate, useNavigate, useParams } from 'react-router';
import { ApiProblem } from '../../api/problem';
import { useTagged } from '../../api/tagged';
import { EmptyState } from '../../ui/EmptyState';
import { LinkButton } from '../../ui/LinkButton';
import { Loaded } from '../../ui/Loaded';
import { ProblemMessage } from '../../ui/ProblemMessage';
import { MappingEditor } from './MappingEditor';
import { MappingSkeleton } from './MappingSkeleton';
import styles from './MappingTab.module.css';
import { NotExported } from './NotExported';
import type { ObjectType } from './row';
import { useCatalog, useMapping } from './useMapping';

const OBJECTS: readonly ObjectType[] = ['account', 'lead'];

export function MappingTab() {
  const { t } = useTranslation('mapping');
  const { object: wanted } = useParams();
  const navigate = useNavigate();
  const object = OBJECTS.find((each) => each === wanted);
  if (!object) {
    return <Navigate to="../mapping/account" replace />;
  }
  return (
    <div className={styles.tab}>
      <TabList
        size="small"
        appearance="subtle-circular"
        aria-label={t('objects.label')}
        selectedValue={object}
        // A sub-tab is no other screen: the focus stays where it is.
        onTabSelect={(_, { value }) => void navigate(`../mapping/${value}`, { replace: true })}
      >
        {OBJECTS.map((each) => (
          <Tab key={each} value={each}>
            {t(`objects.${each}`)}
          </Tab>
        ))}
      </TabList>
      <Text className={styles.lead}>{t('lead')}</Text>
      <Mapping key={object} object={object} />
    </div>
  );
}

function Mapping({ object }: { object: ObjectType }) {
  const mapping = useMapping(object);
  const { catalog, failed } = useCatalog(object);
  const preferences = useTagged(['preferences'], (client) => client.GET('/preferences'));
  if (isNotConnected(mapping.error) || isNotConnected(failed?.error)) {
    return <NotConnected />;
  }
  if (failed) {
    return <ProblemMessage error={failed.error} onRetry={() => void failed.refetch()} />;
  }
  return (
    <Loaded query={mapping} skeleton={<MappingSkeleton />}>
      {(found) =>
        catalog && !preferences.isPending ? (
          <>
            {object === 'account' && preferences.data?.value.exportObjects === 'leadsOnly' && <NotExported />}
            <MappingEditor object={object} catalog={catalog} mapping={found} />
          </>
        ) : (
          <MappingSkeleton />
        )
      }
    </Loaded>
  );
}

function NotConnected() {
  const { t } = useTranslation('mapping');
  return (
    <EmptyState
      title={t('notConnected.title')}
      action={
        <LinkButton to="/integrations/dynamics/connect" appearance="primary">
          {t('notConnected.action')}
        </LinkButton>
      }
    >
      {t('notConnected.detail')}
    </EmptyState>
  );
}

function isNotConnected(error: unknown): boolean {
  return error instanceof ApiProblem && error.code === 'notConnected';
}
