/** The candidates as they are in Dynamics now, one of which is picked. */
import {
  Button,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogTitle,
  DialogTrigger,
  Link,
  Radio,
  RadioGroup,
} from '@fluentui/react-components';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useApi } from '../../../api/ApiContext';
import type { components } from '../../../api/schema';
import { useFormat } from '../../../i18n/useFormat';
import { useSentences } from '../../../i18n/useSentences';
import { Loaded } from '../../../ui/Loaded';
import { ProblemMessage } from '../../../ui/ProblemMessage';
import type { Export } from '../useExport';
import styles from './ChooseDialog.module.css';
import type { Outcome } from './OutcomeTable';

type Candidate = components['schemas']['CandidatePayload'];

const NEW = 'new';

export function ChooseDialog({ found, item }: { found: Export; item: Outcome }) {
  const { t } = useTranslation('exports');
  const say = useSentences();
  const { $api } = useApi();
  const navigate = useNavigate();
  const [picked, setPicked] = useState<string | null>(null);
  const path = { id: found.id, position: item.position };
  const candidates = $api.useQuery('get', '/exports/{id}/records/{position}/candidates', {
    params: { path },
  });
  const choose = $api.useMutation('post', '/exports/{id}/records/{position}/choose', {
    onSuccess: (started) => void navigate(`/exports/${started.id}`),
  });

  function confirm() {
    const body = picked === NEW ? { dynamicsId: null, create: true } : { dynamicsId: picked, create: false };
    choose.mutate({ params: { path }, body });
  }

  return (
    <DialogBody>
      <DialogTitle>{t('choose.title', { position: item.position })}</DialogTitle>
      <DialogContent className={styles.content}>
        <p>{say(item.code, item.reason ?? item.match?.why ?? '')}</p>
        <Loaded query={candidates}>
          {({ items }) => (
            <RadioGroup
              aria-label={t('choose.label')}
              value={picked ?? ''}
              onChange={(_, data) => setPicked(data.value)}
            >
              {items.map((candidate) => (
                <Option key={candidate.id} candidate={candidate} />
              ))}
              <Radio value={NEW} label={t('choose.new')} />
            </RadioGroup>
          )}
        </Loaded>
        {choose.error && <ProblemMessage error={choose.error} />}
      </DialogContent>
      <DialogActions>
        <DialogTrigger disableButtonEnhancement>
          <Button>{t('choose.close')}</Button>
        </DialogTrigger>
        <Button
          appearance="primary"
          disabledFocusable={picked === null || choose.isPending}
          onClick={confirm}
        >
          {t('choose.confirm')}
        </Button>
      </DialogActions>
    </DialogBody>
  );
}

function Option({ candidate }: { candidate: Candidate }) {
  const { t } = useTranslation('exports');
  const format = useFormat();
  const values = candidate.values.filter((each) => each.value !== null && each.value !== '');
  const title = values.map((each) => String(each.value)).join(', ') || candidate.id;
  const modified =
    candidate.modifiedOn && t('choose.modified', { when: format.dateTime(candidate.modifiedOn) });
  return (
    <div className={styles.option}>
      <Radio
        value={candidate.id}
        disabled={candidate.readOnly}
        label={
          <>
            {title}
            <span className={styles.soft}>{candidate.readOnly ? t('choose.readOnly') : modified}</span>
          </>
        }
      />
      <Link href={candidate.address} target="_blank" rel="noreferrer" className={styles.look}>
        {t('choose.look', { name: title })}
      </Link>
    </div>
  );
}
