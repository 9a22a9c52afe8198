/** The Organization URL, looked at while it is typed, with where to find it. */
import { Field, InfoLabel, Input } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { organizationUrlOf } from './organizationUrl';

interface OrganizationFieldProps {
  value: string;
  onChange: (text: string) => void;
  disabled?: boolean;
}

export function OrganizationField(props: OrganizationFieldProps) {
  const { t } = useTranslation('dynamics');
  const found = organizationUrlOf(props.value);
  const isEmpty = props.value.trim() === '';
  const isCut = found !== null && found !== props.value.trim();
  return (
    <Field
      label={{
        children: <InfoLabel info={t('organization.help')}>{t('organization.label')}</InfoLabel>,
      }}
      hint={isEmpty ? t('organization.example') : undefined}
      validationState={isEmpty ? 'none' : found ? 'success' : 'warning'}
      validationMessage={
        isEmpty
          ? undefined
          : found
            ? isCut
              ? t('organization.cut', { url: found })
              : t('organization.fits')
            : t('organization.unknown')
      }
    >
      <Input
        type="url"
        value={props.value}
        disabled={props.disabled}
        placeholder="https://contoso.crm4.dynamics.com"
        onChange={(_, { value }) => props.onChange(value)}
      />
    </Field>
  );
}
