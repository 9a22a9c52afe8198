/** The text of a template, with vendor fields inserted by choosing them. */
import { Field, Textarea } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { exampleOf } from '../catalog';
import { useEditor } from '../EditorContext';
import { useNames } from '../names';
import { Picker } from '../Picker';
import type { OptionProps } from './option';

export function TemplateOptions({ fields, change }: OptionProps) {
  const { t } = useTranslation('mapping');
  const { catalog } = useEditor();
  const names = useNames();
  const text = fields.template ?? '';
  return (
    <>
      <Field label={t('options.templateText')} hint={exampleOf(catalog, fields)}>
        <Textarea value={text} maxLength={2000} onChange={(_, { value }) => change({ template: value })} />
      </Field>
      <Picker
        label={t('options.insertField')}
        placeholder={t('options.insertField')}
        value=""
        text=""
        groups={() => [
          {
            label: t('source.vendorField'),
            items: [...catalog.fields.values()].map((field) => ({
              value: field.name,
              label: field.label,
              detail: names.fieldDetail(field),
            })),
          },
        ]}
        onPick={(name) => change({ template: `${text}{${name}}` })}
      />
    </>
  );
}
