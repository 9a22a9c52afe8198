/** Says that the mapping was verified and saved. */
import { MessageBar, MessageBarBody, MessageBarTitle } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { Mapping } from './editing';

export function SavedMessage({ mapping }: { mapping: Mapping }) {
  const { t } = useTranslation('mapping');
  return (
    <MessageBar intent="success" layout="multiline" role="status">
      <MessageBarBody>
        <MessageBarTitle>{t('bar.success')}</MessageBarTitle>
        {t('saved.detail', { version: mapping.version, count: mapping.rows.length })}
      </MessageBarBody>
    </MessageBar>
  );
}
