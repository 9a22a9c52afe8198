/** Who did what, newest first, and whether the log is whole. */
import { Card, Field, Select, Subtitle2 } from '@fluentui/react-components';
import { keepPreviousData } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../api/ApiContext';
import { useFormat } from '../../i18n/useFormat';
import { EmptyState } from '../../ui/EmptyState';
import { Loaded } from '../../ui/Loaded';
import { Notice } from '../../ui/Notice';
import { Pages, usePages } from '../../ui/Pages';
import { LinesSkeleton } from '../../ui/skeletons';
import styles from './ActivityPage.module.css';
import { AuditTable } from './AuditTable';
import { ACTIONS, type Action, actionKey } from './actions';

const PAGE = 25;

export function AuditLog() {
  const { t } = useTranslation('activity');
  const [action, setAction] = useState<Action | null>(null);
  const pages = usePages();
  const query = { limit: PAGE, ...(action && { action }), ...(pages.token && { next: pages.token }) };
  const entries = useApi().$api.useQuery(
    'get',
    '/audit',
    { params: { query } },
    { placeholderData: keepPreviousData },
  );

  function show(wanted: string) {
    setAction(ACTIONS.find((each) => each === wanted) ?? null);
    pages.restart();
  }

  return (
    <Card className={styles.card}>
      <Subtitle2 as="h2">{t('audit.title')}</Subtitle2>
      <Wholeness />
      <Field label={t('audit.action')} className={styles.filter}>
        <Select value={action ?? ''} onChange={(_, data) => show(data.value)}>
          <option value="">{t('audit.all')}</option>
          {ACTIONS.map((each) => (
            <option key={each} value={each}>
              {t(actionKey(each))}
            </option>
          ))}
        </Select>
      </Field>
      <Loaded query={entries} skeleton={<LinesSkeleton lines={10} />}>
        {({ items, next }) =>
          items.length === 0 ? (
            <EmptyState title={t('audit.none')} />
          ) : (
            <>
              <AuditTable items={items} />
              <Pages pages={pages} next={next} isLoading={entries.isPlaceholderData} />
            </>
          )
        }
      </Loaded>
    </Card>
  );
}

/** Each entry carries the hash of the one before: a changed or missing entry shows. */
function Wholeness() {
  const { t } = useTranslation('activity');
  const format = useFormat();
  const verdict = useApi().$api.useQuery('get', '/audit/verification');
  return (
    <Loaded query={verdict} skeleton={<LinesSkeleton lines={1} />}>
      {({ intact, entries, brokenAt }) =>
        intact ? (
          <p className={styles.soft}>{t('audit.intact', { entries: format.number(entries) })}</p>
        ) : (
          <Notice intent="error">{t('audit.broken', { entry: brokenAt })}</Notice>
        )
      }
    </Loaded>
  );
}
