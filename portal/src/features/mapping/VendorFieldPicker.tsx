/** The vendor field of a row; the field of Dynamics that most probably belongs to it is chosen along with it. */
import { useTranslation } from 'react-i18next';
import { bestColumn, withColumn } from './catalog';
import { useEditor } from './EditorContext';
import { partId } from './focus';
import { useNames } from './names';
import { Picker } from './Picker';
import type { Row } from './row';

export function VendorFieldPicker(props: {
  row: Row;
  number: number;
  isInvalid: boolean;
  describedBy: string | undefined;
}) {
  const { t } = useTranslation('mapping');
  const { catalog, edit } = useEditor();
  const names = useNames();
  const { key, fields } = props.row;
  const field = catalog.fields.get(fields.vendorField ?? '');
  const pick = (name: string) => {
    const picked = { ...fields, vendorField: name };
    const best = fields.column ? null : bestColumn(catalog, name);
    edit({
      type: 'changed',
      key,
      fields: best ? withColumn(picked, catalog.columns.get(best)) : picked,
    });
  };
  return (
    <Picker
      id={partId(key, 'source')}
      label={t('source.ofRow', { kind: t('source.vendorField'), number: props.number })}
      placeholder={t('source.choose')}
      value={fields.vendorField ?? ''}
      text={field?.label ?? fields.vendorField ?? ''}
      isInvalid={props.isInvalid}
      describedBy={props.describedBy}
      groups={() => [
        {
          label: t('source.vendorField'),
          items: [...catalog.fields.values()].map((each) => ({
            value: each.name,
            label: each.label,
            detail: names.fieldDetail(each),
          })),
        },
      ]}
      onPick={pick}
    />
  );
}
