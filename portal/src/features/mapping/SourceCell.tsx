/** Where a row takes its value from: a vendor field, a fixed value, or a template. */
import { Input, Select } from '@fluentui/react-components';
import { BracesRegular, TextTRegular } from '@fluentui/react-icons';
import { useTranslation } from 'react-i18next';
import { type Column, isChoice, isFlag } from './catalog';
import { useEditor } from './EditorContext';
import { partId } from './focus';
import { type Row, sourceKind } from './row';
import styles from './SourceCell.module.css';
import { VendorFieldPicker } from './VendorFieldPicker';

interface SourceProps {
  row: Row;
  number: number;
  isInvalid: boolean;
  describedBy: string | undefined;
}

export function SourceCell(props: SourceProps) {
  const { catalog } = useEditor();
  const { fields } = props.row;
  const column = catalog.columns.get(fields.column ?? '');
  switch (sourceKind(fields)) {
    case 'vendorField':
      return <VendorFieldPicker {...props} />;
    case 'template':
      return <TemplateInput {...props} />;
    case 'constant':
      return column && (isFlag(column) || isChoice(column)) ? (
        <ConstantSelect {...props} column={column} />
      ) : (
        <ConstantInput {...props} />
      );
  }
}

function TemplateInput(props: SourceProps) {
  const { t } = useTranslation('mapping');
  const { edit } = useEditor();
  const { key, fields } = props.row;
  return (
    <Input
      {...useAttributes(props, 'template')}
      className={styles.input}
      contentBefore={<BracesRegular aria-hidden />}
      placeholder={t('source.templateHint')}
      value={fields.template ?? ''}
      onChange={(_, { value }) => edit({ type: 'changed', key, fields: { ...fields, template: value } })}
    />
  );
}

function ConstantInput(props: SourceProps) {
  const { t } = useTranslation('mapping');
  const { edit } = useEditor();
  const { key, fields } = props.row;
  return (
    <Input
      {...useAttributes(props, 'constant')}
      className={styles.input}
      contentBefore={<TextTRegular aria-hidden />}
      placeholder={t('source.constantHint')}
      value={String(fields.constant ?? '')}
      onChange={(_, { value }) => edit({ type: 'changed', key, fields: { ...fields, constant: value } })}
    />
  );
}

/** Of a column that takes only certain values, these. */
function ConstantSelect(props: SourceProps & { column: Column }) {
  const { t } = useTranslation('mapping');
  const { edit } = useEditor();
  const { key, fields } = props.row;
  const values = isFlag(props.column)
    ? [
        { value: 1, label: t('source.yes'), constant: true },
        { value: 0, label: t('source.no'), constant: false },
      ]
    : props.column.options.map((option) => ({ ...option, constant: option.value }));
  const isChosen = (each: (typeof values)[number]) =>
    each.constant === fields.constant || each.label === fields.constant;
  return (
    <Select
      {...useAttributes(props, 'constant')}
      className={styles.input}
      value={values.find(isChosen)?.value ?? ''}
      onChange={(_, { value }) => {
        const chosen = values.find((each) => String(each.value) === value);
        edit({ type: 'changed', key, fields: { ...fields, constant: chosen?.constant ?? '' } });
      }}
    >
      <option value="">{t('source.chooseValue')}</option>
      {values.map((each) => (
        <option key={each.value} value={each.value}>
          {each.label}
        </option>
      ))}
    </Select>
  );
}

function useAttributes(props: SourceProps, kind: 'constant' | 'template') {
  const { t } = useTranslation('mapping');
  return {
    id: partId(props.row.key, 'source'),
    'aria-label': t('source.ofRow', { kind: t(`source.${kind}`), number: props.number }),
    'aria-invalid': props.isInvalid || undefined,
    'aria-describedby': props.describedBy,
  };
}
