/** When a row may write; what becomes of a value that does not fit, and how it goes with other rows. */
import { Field, Input, Radio, RadioGroup, Switch } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { Fields } from '../row';
import type { OptionProps } from './option';

const UPDATES = ['fillIfMissing', 'overwrite', 'createOnly'] as const;
const ON_INVALID = ['skipValue', 'failRecord'] as const;

export function UpdateOptions({ fields, change }: OptionProps) {
  const { t } = useTranslation('mapping');
  return (
    <>
      <Field label={t('options.update')} hint={t(`update.${fields.updateOption ?? 'fillIfMissing'}Hint`)}>
        <RadioGroup
          value={fields.updateOption ?? 'fillIfMissing'}
          onChange={(_, { value }) => change({ updateOption: value as Fields['updateOption'] })}
        >
          {UPDATES.map((each) => (
            <Radio key={each} value={each} label={t(`update.${each}`)} />
          ))}
        </RadioGroup>
      </Field>
      <Field hint={t('options.protectEditsHint')}>
        <Switch
          label={t('options.protectEdits')}
          checked={fields.protectEdits ?? false}
          onChange={(_, { checked }) => change({ protectEdits: checked })}
        />
      </Field>
    </>
  );
}

export function OtherOptions({ fields, change }: OptionProps) {
  const { t } = useTranslation('mapping');
  return (
    <>
      <Field label={t('options.onInvalid')}>
        <RadioGroup
          value={fields.onInvalid ?? 'skipValue'}
          onChange={(_, { value }) => change({ onInvalid: value as Fields['onInvalid'] })}
        >
          {ON_INVALID.map((each) => (
            <Radio key={each} value={each} label={t(`options.onInvalidChoices.${each}`)} />
          ))}
        </RadioGroup>
      </Field>
      <Field label={t('options.block')} hint={t('options.blockHint')}>
        <Input
          value={fields.block ?? ''}
          maxLength={50}
          onChange={(_, { value }) => change({ block: value || null })}
        />
      </Field>
    </>
  );
}
