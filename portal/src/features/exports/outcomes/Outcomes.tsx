/** What became of each record: filtered by outcome, page by page. */
import { Card, Spinner, Subtitle2, ToggleButton } from '@fluentui/react-components';
import { keepPreviousData, useQueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../../api/ApiContext';
import { useFormat } from '../../../i18n/useFormat';
import { Loaded } from '../../../ui/Loaded';
import { Pages, usePages } from '../../../ui/Pages';
import { doneOf, type Export, isUnderWay, OUTCOMES, type OutcomeKind, useOnEnd } from '../useExport';
import styles from './Outcomes.module.css';
import { OutcomeTable } from './OutcomeTable';

const PAGE = 50;
const WHILE_RUNNING = 4_000;

export function Outcomes({ found }: { found: Export }) {
  const { t } = useTranslation('exports');
  const [kind, setKind] = useState<OutcomeKind | null>(null);
  const pages = usePages();
  const records = useRecords(found, kind, pages.token);

  function show(wanted: OutcomeKind | null) {
    setKind(wanted);
    pages.restart();
  }

  return (
    <Card className={styles.card}>
      <div className={styles.head}>
        <Subtitle2 as="h2">{t('outcomes.title')}</Subtitle2>
        {records.isPlaceholderData && <Spinner size="tiny" aria-label={t('outcomes.loading')} />}
      </div>
      <Filter found={found} kind={kind} onChange={show} />
      <Loaded query={records}>{({ items }) => <OutcomeTable found={found} items={items} />}</Loaded>
      <Pages pages={pages} next={records.data?.next} isLoading={records.isPlaceholderData} />
    </Card>
  );
}

function useRecords(found: Export, outcome: OutcomeKind | null, next: string | null) {
  const queries = useQueryClient();
  const refresh = useCallback(
    () => void queries.invalidateQueries({ queryKey: ['get', '/exports/{id}/records'] }),
    [queries],
  );
  useOnEnd(found, refresh);
  const query = { limit: PAGE, ...(outcome && { outcome }), ...(next && { next }) };
  return useApi().$api.useQuery(
    'get',
    '/exports/{id}/records',
    { params: { path: { id: found.id }, query } },
    { placeholderData: keepPreviousData, refetchInterval: isUnderWay(found) && WHILE_RUNNING },
  );
}

interface FilterProps {
  found: Export;
  kind: OutcomeKind | null;
  onChange: (kind: OutcomeKind | null) => void;
}

function Filter(props: FilterProps) {
  const { t } = useTranslation('exports');
  const format = useFormat();
  const { counts } = props.found;
  const all = { kind: null, name: t('outcomes.all'), count: doneOf(props.found) };
  const kinds = OUTCOMES.map((kind) => ({
    kind,
    name: t(kind === 'updated' && props.found.undoOf ? 'outcome.undone' : `outcome.${kind}`),
    count: counts[kind],
  }));
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for inputs of a form
    <div role="group" aria-label={t('outcomes.filter')} className={styles.filter}>
      {[all, ...kinds].map((each) => (
        <ToggleButton
          key={each.kind}
          size="small"
          shape="circular"
          checked={props.kind === each.kind}
          onClick={() => props.onChange(each.kind)}
        >
          {`${each.name} ${format.number(each.count)}`}
        </ToggleButton>
      ))}
    </div>
  );
}
