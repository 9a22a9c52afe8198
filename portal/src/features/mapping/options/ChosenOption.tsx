/** An option with a few named values: what becomes of long texts, how phone numbers are written. */
import { Field, Radio, RadioGroup } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { OptionProps } from './option';

type Named =
  | { name: 'tooLong'; usual: 'refuse'; choices: ('refuse' | 'cut')[]; length: number | null }
  | { name: 'phoneFormat'; usual: 'asItIs'; choices: ('asItIs' | 'e164' | 'national')[] };

export function ChosenOption(props: OptionProps & Named) {
  const { labels, label } = useLabels(props);
  return (
    <Field label={label}>
      <RadioGroup
        value={props.fields[props.name] ?? props.usual}
        onChange={(_, { value }) => props.change({ [props.name]: value })}
      >
        {props.choices.map((each) => (
          <Radio key={each} value={each} label={labels[each]} />
        ))}
      </RadioGroup>
    </Field>
  );
}

function useLabels(props: Named): { label: string; labels: Record<string, string> } {
  const { t } = useTranslation('mapping');
  if (props.name === 'tooLong') {
    return {
      label: props.length === null ? t('options.tooLongAny') : t('options.tooLong', { length: props.length }),
      labels: { refuse: t('options.tooLongChoices.refuse'), cut: t('options.tooLongChoices.cut') },
    };
  }
  return {
    label: t('options.phoneFormat'),
    labels: {
      asItIs: t('options.phoneFormats.asItIs'),
      e164: t('options.phoneFormats.e164'),
      national: t('options.phoneFormats.national'),
    },
  };
}
