/** One page of outcomes: the record, what became of it and why, and the way to it in Dynamics. */
import {
  Badge,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
  Text,
} from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { components } from '../../../api/schema';
import { useSentences } from '../../../i18n/useSentences';
import { Scrolling } from '../../../ui/Scrolling';
import { type Export, isUnderWay } from '../useExport';
import { ChooseButton, canChoose } from './ChooseButton';
import { DynamicsLink } from './DynamicsLink';
import styles from './Outcomes.module.css';

export type Outcome = components['schemas']['RecordPayload'];

const COLORS = {
  created: 'success',
  updated: 'brand',
  unchanged: 'informative',
  skipped: 'warning',
  failed: 'danger',
} as const;

export function OutcomeTable({ found, items }: { found: Export; items: Outcome[] }) {
  const { t } = useTranslation('exports');
  if (items.length === 0) {
    return <Text className={styles.empty}>{t(isUnderWay(found) ? 'outcomes.notYet' : 'outcomes.none')}</Text>;
  }
  return (
    <Scrolling label={t('outcomes.title')}>
      <Table size="small" noNativeElements={false} className={styles.table}>
        <TableHeader>
          <TableRow>
            <TableHeaderCell className={styles.position}>{t('outcomes.position')}</TableHeaderCell>
            <TableHeaderCell className={styles.id}>{t('outcomes.vendorId')}</TableHeaderCell>
            <TableHeaderCell className={styles.kind}>{t('outcomes.outcome')}</TableHeaderCell>
            <TableHeaderCell>{t('outcomes.reason')}</TableHeaderCell>
            <TableHeaderCell className={styles.link}>{t('outcomes.dynamics')}</TableHeaderCell>
          </TableRow>
        </TableHeader>
        <TableBody>
          {items.map((item) => (
            <Row key={item.position} found={found} item={item} />
          ))}
        </TableBody>
      </Table>
    </Scrolling>
  );
}

function Row({ found, item }: { found: Export; item: Outcome }) {
  const { t } = useTranslation('exports');
  const say = useSentences();
  const kind = item.outcome === 'updated' && found.undoOf ? 'undone' : item.outcome;
  return (
    <TableRow>
      <TableCell>{item.position}</TableCell>
      <TableCell>{item.vendorId ?? '–'}</TableCell>
      <TableCell>
        <Badge appearance="tint" color={COLORS[item.outcome]}>
          {t(`outcome.${kind}`)}
        </Badge>
      </TableCell>
      <TableCell className={styles.reason}>
        {item.reason ? say(item.code, item.reason) : say(null, item.match?.why ?? '')}
        {item.column && <div className={styles.column}>{t('outcomes.column', { column: item.column })}</div>}
      </TableCell>
      <TableCell>
        {canChoose(found, item) ? (
          <ChooseButton found={found} item={item} />
        ) : (
          item.dynamicsId &&
          isThere(found, item) && <DynamicsLink object={found.object} id={item.dynamicsId} item={item} />
        )}
      </TableCell>
    </TableRow>
  );
}

/** Whether Dynamics has the record: a dry run names also those that it would create, by the ids they would get. */
function isThere(found: Export, item: Outcome): boolean {
  return found.dryRun ? item.match?.chosen === item.dynamicsId : item.code !== 'deleted';
}
