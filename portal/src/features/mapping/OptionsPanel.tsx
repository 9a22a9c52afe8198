/** Everything that a row can say beside source and column, as far as it makes sense for the column's type. */
import { Button } from '@fluentui/react-components';
import { ArrowDownRegular, ArrowUpRegular } from '@fluentui/react-icons';
import { useTranslation } from 'react-i18next';
import { isChoice, isDate, isFlag, isList, isLookup, isText, type VendorField } from './catalog';
import { useEditor } from './EditorContext';
import styles from './lists.module.css';
import { useNames } from './names';
import { ChoiceOptions } from './options/ChoiceOptions';
import { ChosenOption } from './options/ChosenOption';
import { DateOptions, FlagOptions, ListOptions } from './options/FormatOptions';
import { OtherOptions, UpdateOptions } from './options/GeneralOptions';
import { LookupOptions } from './options/LookupOptions';
import { TemplateOptions } from './options/TemplateOptions';
import { Panel } from './Panel';
import { type Fields, type Row, sourceKind } from './row';

export function OptionsPanel(props: { rows: Row[]; openKey: string | null; onClose: () => void }) {
  const { t } = useTranslation('mapping');
  const { catalog } = useEditor();
  const names = useNames();
  const index = props.rows.findIndex(({ key }) => key === props.openKey);
  const row = props.rows[index];
  return (
    <Panel
      title={t('options.title', { number: index + 1 })}
      subtitle={t('options.subtitle', {
        source: names.source(catalog, row?.fields ?? {}),
        column: names.column(catalog, row?.fields.column),
      })}
      isOpen={row !== undefined}
      onClose={props.onClose}
    >
      {row && <Options key={row.key} row={row} index={index} count={props.rows.length} />}
      <div>
        <Button appearance="primary" onClick={props.onClose}>
          {t('options.done')}
        </Button>
      </div>
    </Panel>
  );
}

function Options({ row, index, count }: { row: Row; index: number; count: number }) {
  const { catalog, edit } = useEditor();
  const { fields } = row;
  const column = catalog.columns.get(fields.column ?? '');
  const change = (part: Fields) => edit({ type: 'changed', key: row.key, fields: { ...fields, ...part } });
  const given = { fields, change };
  const isFixed = sourceKind(fields) === 'constant';
  const type = catalog.fields.get(fields.vendorField ?? '')?.type;
  // A template may hold anything.
  const mayBe = (wanted: VendorField['type']) => type === wanted || (type === undefined && !isFixed);
  return (
    <>
      {sourceKind(fields) === 'template' && <TemplateOptions {...given} />}
      <UpdateOptions {...given} />
      {column && isText(column) && (
        <ChosenOption
          {...given}
          name="tooLong"
          usual="refuse"
          choices={['refuse', 'cut']}
          length={column.maxLength}
        />
      )}
      {column && isText(column) && mayBe('phone') && (
        <ChosenOption {...given} name="phoneFormat" usual="asItIs" choices={['asItIs', 'e164', 'national']} />
      )}
      {column && isChoice(column) && !isFixed && <ChoiceOptions {...given} column={column} />}
      {column && isDate(column) && <DateOptions {...given} />}
      {column && isFlag(column) && <FlagOptions {...given} />}
      {column && isList(column) && mayBe('list') && <ListOptions {...given} />}
      {column && isLookup(column) && <LookupOptions {...given} column={column} />}
      <OtherOptions {...given} />
      <Position row={row} index={index} count={count} />
    </>
  );
}

/** Moves the row without dragging it. */
function Position({ row, index, count }: { row: Row; index: number; count: number }) {
  const { t } = useTranslation('mapping');
  const { edit } = useEditor();
  const move = (to: number) => edit({ type: 'moved', key: row.key, to });
  return (
    <div className={styles.buttons}>
      <Button icon={<ArrowUpRegular />} disabledFocusable={index === 0} onClick={() => move(index - 1)}>
        {t('options.up')}
      </Button>
      <Button
        icon={<ArrowDownRegular />}
        disabledFocusable={index === count - 1}
        onClick={() => move(index + 1)}
      >
        {t('options.down')}
      </Button>
    </div>
  );
}
