/** Export → History: what was exported, when, and what became of it. */
import { Card, Field, Select, Subtitle2 } from '@fluentui/react-components';
import { ArrowExportLtrRegular } from '@fluentui/react-icons';
import { keepPreviousData } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../api/ApiContext';
import { EmptyState } from '../../ui/EmptyState';
import { LinkButton } from '../../ui/LinkButton';
import { Loaded } from '../../ui/Loaded';
import { Page } from '../../ui/Page';
import { Pages, usePages } from '../../ui/Pages';
import type { ObjectType } from './draft';
import styles from './HistoryPage.module.css';
import { ExportTable } from './history/ExportTable';
import { MonthChart } from './history/MonthChart';
import type { Export } from './useExport';

const PAGE = 25;
const UNDER_WAY = 5_000;
const STATES = ['queued', 'running', 'succeeded', 'completedWithErrors', 'failed', 'cancelled'] as const;
const OBJECTS = ['lead', 'account'] as const;

interface Wanted {
  state?: Export['state'];
  object?: ObjectType;
}

export function HistoryPage() {
  const { t } = useTranslation('exports');
  return (
    <Page title={t('history.title')} lead={t('history.lead')}>
      <MonthChart />
      <Exports />
    </Page>
  );
}

function Exports() {
  const { t } = useTranslation('exports');
  const [wanted, setWanted] = useState<Wanted>({});
  const pages = usePages();
  const query = { ...wanted, limit: PAGE, ...(pages.token && { next: pages.token }) };
  const exports = useApi().$api.useQuery(
    'get',
    '/exports',
    { params: { query } },
    {
      placeholderData: keepPreviousData,
      refetchInterval: ({ state }) => state.data?.items.some((each) => !each.endedAt) && UNDER_WAY,
    },
  );

  function want(changed: Wanted) {
    setWanted({ ...wanted, ...changed });
    pages.restart();
  }

  return (
    <Card className={styles.card}>
      <Subtitle2 as="h2">{t('history.exports')}</Subtitle2>
      <Filter wanted={wanted} onChange={want} />
      <Loaded query={exports}>
        {({ items, next }) =>
          items.length === 0 ? (
            <Nothing isFiltered={wanted.state !== undefined || wanted.object !== undefined} />
          ) : (
            <>
              <ExportTable items={items} />
              <Pages pages={pages} next={next} isLoading={exports.isPlaceholderData} />
            </>
          )
        }
      </Loaded>
    </Card>
  );
}

function Filter({ wanted, onChange }: { wanted: Wanted; onChange: (changed: Wanted) => void }) {
  const { t } = useTranslation('exports');
  return (
    <div className={styles.filter}>
      <Field label={t('history.state')}>
        <Select
          value={wanted.state ?? ''}
          onChange={(_, data) => onChange({ state: STATES.find((each) => each === data.value) })}
        >
          <option value="">{t('history.all')}</option>
          {STATES.map((each) => (
            <option key={each} value={each}>
              {t(`state.${each}`)}
            </option>
          ))}
        </Select>
      </Field>
      <Field label={t('history.object')}>
        <Select
          value={wanted.object ?? ''}
          onChange={(_, data) => onChange({ object: OBJECTS.find((each) => each === data.value) })}
        >
          <option value="">{t('history.all')}</option>
          {OBJECTS.map((each) => (
            <option key={each} value={each}>
              {t(`object.${each}`)}
            </option>
          ))}
        </Select>
      </Field>
    </div>
  );
}

function Nothing({ isFiltered }: { isFiltered: boolean }) {
  const { t } = useTranslation('exports');
  if (isFiltered) {
    return <EmptyState title={t('history.noneSuch')} />;
  }
  return (
    <EmptyState
      title={t('history.none')}
      action={
        <LinkButton to="/export" appearance="primary" icon={<ArrowExportLtrRegular />}>
          {t('history.start')}
        </LinkButton>
      }
    >
      {t('history.noneDetail')}
    </EmptyState>
  );
}
