/** Says that the preferences leave accounts out, so that nobody wonders why their mapping has no effect. */
import { MessageBar, MessageBarBody, MessageBarTitle } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';

export function NotExported() {
  const { t } = useTranslation('mapping');
  return (
    <MessageBar intent="info" layout="multiline">
      <MessageBarBody>
        <MessageBarTitle>{t('notExported.title')}</MessageBarTitle>
        {t('notExported.detail')}
      </MessageBarBody>
    </MessageBar>
  );
}
