/** One error, wherever it comes from: what happened, what to do, each thing that is wrong, and a way on. */
import { Button } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { ApiProblem, type ProblemItem, Unreachable } from '../api/problem';
import { useSentences } from '../i18n/useSentences';
import { Notice } from './Notice';
import styles from './ProblemMessage.module.css';

const TITLES = ['400', '401', '403', '404', '409', '412', '413', '422', '429', '503'] as const;

export function ProblemMessage(props: { error: unknown; onRetry?: () => void }) {
  const { t } = useTranslation('ui');
  const described = useDescription(props.error);
  const problem = props.error instanceof ApiProblem ? props.error : null;
  return (
    <Notice
      intent="error"
      title={described.title}
      actions={props.onRetry && <Button onClick={props.onRetry}>{t('retry')}</Button>}
    >
      {described.detail}
      {problem && problem.errors.length > 0 && (
        <ul className={styles.list}>
          {problem.errors.map((item) => (
            <Item key={`${item.path} ${item.code}`} item={item} />
          ))}
        </ul>
      )}
      {problem && problem.status >= 500 && problem.instance && (
        <div className={styles.reference}>{t('reference', { instance: problem.instance })}</div>
      )}
    </Notice>
  );
}

function Item({ item }: { item: ProblemItem }) {
  const { t } = useTranslation('ui');
  const say = useSentences();
  return (
    <li>
      {item.row != null && `${t('row', { row: item.row })} `}
      {say(item.code, item.message)}
    </li>
  );
}

function useDescription(error: unknown): { title: string; detail: string } {
  const { t } = useTranslation('ui');
  const say = useSentences();
  if (error instanceof Unreachable) {
    return { title: t('unreachable.title'), detail: t('unreachable.detail') };
  }
  if (error instanceof ApiProblem && error.message) {
    const known = TITLES.find((status) => status === String(error.status));
    return { title: t(known ? `problem.${known}` : 'problem.other'), detail: say(error.code, error.message) };
  }
  return { title: t('unexpected.title'), detail: t('unexpected.detail') };
}
