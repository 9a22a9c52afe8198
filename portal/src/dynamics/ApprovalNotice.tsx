/** The consent doctor: an administrator of the directory has to approve first; here is the link to send. */
import { Button, Field, Input } from '@fluentui/react-components';
import { CopyRegular } from '@fluentui/react-icons';
import { useTranslation } from 'react-i18next';
import type { components } from '../api/schema';
import { useFormat } from '../i18n/useFormat';
import { useNotify } from '../shell/Notifications';
import { Notice } from '../ui/Notice';

type Approval = components['schemas']['ApprovalPayload'];

export function ApprovalNotice({ approval }: { approval: Approval }) {
  const { t } = useTranslation('dynamics');
  const format = useFormat();
  const notify = useNotify();
  if (approval.granted) {
    return (
      <Notice intent="success" title={t('approval.granted')}>
        {t('approval.goOn')}
      </Notice>
    );
  }

  async function copy() {
    await navigator.clipboard.writeText(approval.link);
    notify(t('approval.copied'));
  }

  return (
    <Notice intent="warning" title={t('approval.title')}>
      {t('approval.detail', { until: format.dateTime(approval.validUntil) })}
      <Field label={t('approval.link')}>
        <Input
          readOnly
          value={approval.link}
          contentAfter={
            <Button
              appearance="transparent"
              icon={<CopyRegular />}
              aria-label={t('approval.copy')}
              onClick={() => void copy()}
            />
          }
        />
      </Field>
    </Notice>
  );
}
