/** Looks at the connection to Dynamics from all sides, when an administrator asks for it. */
import { Button, Card, Subtitle2, Text } from '@fluentui/react-components';
import { CheckmarkCircleRegular, DismissCircleRegular } from '@fluentui/react-icons';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../api/ApiContext';
import type { components } from '../../api/schema';
import { useSentences } from '../../i18n/useSentences';
import { Notice } from '../../ui/Notice';
import { ProblemMessage } from '../../ui/ProblemMessage';
import { LinesSkeleton } from '../../ui/skeletons';
import styles from './ActivityPage.module.css';

type Check = components['schemas']['CheckPayload'];

export function ConnectionCheck() {
  const { t } = useTranslation('activity');
  const test = useApi().$api.useMutation('post', '/connection/test');
  return (
    <Card className={styles.card} role="group" aria-label={t('check.title')}>
      <div className={styles.head}>
        <Subtitle2 as="h2">{t('check.title')}</Subtitle2>
        <Button disabledFocusable={test.isPending} onClick={() => test.mutate({})}>
          {t(test.isPending ? 'check.running' : 'check.run')}
        </Button>
      </div>
      {test.isIdle && <Text className={styles.soft}>{t('check.about')}</Text>}
      {test.isPending && <LinesSkeleton lines={6} />}
      {test.error && <ProblemMessage error={test.error} />}
      {test.data && <Result check={test.data} />}
    </Card>
  );
}

function Result({ check }: { check: Check }) {
  const { t } = useTranslation('activity');
  const say = useSentences();
  return (
    <>
      <Notice intent={check.ok ? 'success' : 'warning'}>{t(check.ok ? 'check.good' : 'check.bad')}</Notice>
      <ul className={styles.checks}>
        {check.checks.map((line) => (
          <li key={line.check} className={styles.check}>
            {line.ok ? (
              <CheckmarkCircleRegular className={styles.good} aria-label={t('check.ok')} />
            ) : (
              <DismissCircleRegular className={styles.bad} aria-label={t('check.notOk')} />
            )}
            <Text>{say(line.code, line.message)}</Text>
          </li>
        ))}
      </ul>
    </>
  );
}
