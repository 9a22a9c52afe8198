/** Step 3: for whom the integration is switched on. */
import { Button, Field, Radio, RadioGroup, Switch } from '@fluentui/react-components';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../api/ApiContext';
import type { components } from '../../api/schema';
import { type Tagged, tagged } from '../../api/tagged';
import { useNotify } from '../../shell/Notifications';
import { ProblemMessage } from '../../ui/ProblemMessage';
import styles from './ConnectPage.module.css';
import { Step } from './Step';
import { UserPicker } from './UserPicker';

type Access = components['schemas']['AccessPayload'];

interface AccessStepProps {
  stored: Tagged<Access>;
  queryKey: readonly string[];
  connected: boolean;
}

export function AccessStep({ stored, queryKey, connected }: AccessStepProps) {
  const { t } = useTranslation('connect');
  const [enabled, setEnabled] = useState(stored.value.enabled);
  const [whom, setWhom] = useState(stored.value.users === 'all' ? 'all' : 'chosen');
  const [chosen, setChosen] = useState(stored.value.users === 'all' ? [] : stored.value.users);
  const lacksNames = enabled && whom === 'chosen' && chosen.length === 0;
  const save = useSave(stored.etag, queryKey);

  function submit(event: FormEvent) {
    event.preventDefault();
    if (!lacksNames) {
      save.mutate({ enabled, users: whom === 'all' ? 'all' : chosen });
    }
  }

  return (
    <Step
      number={3}
      title={t('access.title')}
      about={t('access.about')}
      isDone={connected && stored.value.enabled}
    >
      <form onSubmit={submit} className={styles.form} noValidate>
        <Switch
          label={t('access.enabled')}
          checked={enabled}
          onChange={(_, { checked }) => setEnabled(checked)}
        />
        {enabled && (
          <Field label={t('access.whom')}>
            <RadioGroup value={whom} onChange={(_, { value }) => setWhom(value)}>
              <Radio value="all" label={t('access.all')} />
              <Radio value="chosen" label={t('access.chosen')} />
            </RadioGroup>
          </Field>
        )}
        {enabled && whom === 'chosen' && (
          <UserPicker
            value={chosen}
            onChange={setChosen}
            problem={lacksNames ? t('access.noNames') : undefined}
          />
        )}
        {save.error && <ProblemMessage error={save.error} />}
        <div className={styles.buttons}>
          <Button
            type="submit"
            appearance={connected && !stored.value.enabled ? 'primary' : 'secondary'}
            disabledFocusable={lacksNames || save.isPending}
          >
            {t('access.save')}
          </Button>
        </div>
      </form>
    </Step>
  );
}

function useSave(etag: string, queryKey: readonly string[]) {
  const { t } = useTranslation('connect');
  const { client } = useApi();
  const queries = useQueryClient();
  const notify = useNotify();
  return useMutation({
    mutationFn: async (body: Access) =>
      tagged(await client.PUT('/access', { params: { header: { 'If-Match': etag } }, body })),
    onSuccess: (saved) => {
      queries.setQueryData(queryKey, saved);
      notify(t('access.saved'));
    },
  });
}
