/** One export: its progress, its outcomes, and what can be done about them. */
import { Card } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { Loaded } from '../../ui/Loaded';
import { Page } from '../../ui/Page';
import { LinesSkeleton } from '../../ui/skeletons';
import { Actions } from './actions/Actions';
import styles from './ExportPage.module.css';
import { Outcomes } from './outcomes/Outcomes';
import { ProgressCard } from './progress/ProgressCard';
import { Remarks } from './progress/Remarks';
import { type Export, useExport } from './useExport';

export function ExportPage() {
  const { id = '' } = useParams();
  return <OneExport key={id} id={id} />;
}

function OneExport({ id }: { id: string }) {
  const { t } = useTranslation('exports');
  const query = useExport(id);
  return (
    <Page
      title={
        query.data ? t(titleOf(query.data), { object: t(`object.${query.data.object}`) }) : t('one.title')
      }
    >
      <Loaded query={query} skeleton={<ExportSkeleton />}>
        {(found) => (
          <>
            <Remarks found={found} error={query.error} />
            <ProgressCard found={found} />
            <Actions found={found} />
            {found.contentsDeleted || <Outcomes found={found} />}
          </>
        )}
      </Loaded>
    </Page>
  );
}

function titleOf(found: Export) {
  if (found.undoOf) {
    return found.dryRun ? 'one.undoDryRun' : 'one.undo';
  }
  return found.dryRun ? 'one.dryRun' : 'one.export';
}

/** As high as the card of the progress. */
function ExportSkeleton() {
  return (
    <Card className={styles.skeleton}>
      <LinesSkeleton lines={5} />
    </Card>
  );
}
