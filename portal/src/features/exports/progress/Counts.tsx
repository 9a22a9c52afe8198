/** How many records had which outcome. */
import { Text } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { components } from '../../../api/schema';
import { useFormat } from '../../../i18n/useFormat';
import { OUTCOMES } from '../useExport';
import styles from './ProgressCard.module.css';

interface CountsProps {
  counts: components['schemas']['CountsPayload'];
  isUndo: boolean;
}

export function Counts({ counts, isUndo }: CountsProps) {
  const { t } = useTranslation('exports');
  const format = useFormat();
  return (
    <dl className={styles.counts}>
      {OUTCOMES.map((kind) => (
        <div key={kind} className={styles.count} data-kind={counts[kind] > 0 ? kind : undefined}>
          <dt>
            <Text size={200}>{t(kind === 'updated' && isUndo ? 'outcome.undone' : `outcome.${kind}`)}</Text>
          </dt>
          <dd className={styles.number}>{format.number(counts[kind])}</dd>
        </div>
      ))}
    </dl>
  );
}
