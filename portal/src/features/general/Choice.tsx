/** One of a few options, each with its sentence. */
import { Field, Radio, RadioGroup } from '@fluentui/react-components';

interface ChoiceProps<T extends string> {
  label: string;
  value: T;
  options: readonly T[];
  text: (option: T) => string;
  onChange: (option: T) => void;
}

export function Choice<T extends string>(props: ChoiceProps<T>) {
  return (
    <Field label={{ children: props.label, weight: 'semibold' }}>
      <RadioGroup value={props.value} onChange={(_, { value }) => props.onChange(value as T)}>
        {props.options.map((option) => (
          <Radio key={option} value={option} label={props.text(option)} />
        ))}
      </RadioGroup>
    </Field>
  );
}
