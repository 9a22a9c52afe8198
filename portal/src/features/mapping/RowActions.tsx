/** What can be done with a row: its options, and away with it where it may go. */
import { Button, Tooltip, useAnnounce, useRestoreFocusTarget } from '@fluentui/react-components';
import { DeleteRegular, LockClosedRegular, OptionsFilled, OptionsRegular } from '@fluentui/react-icons';
import { useTranslation } from 'react-i18next';
import { useEditor } from './EditorContext';
import { focusPart, partId } from './focus';
import { useNames } from './names';
import { hasOptions, type Row } from './row';

interface ActionsProps {
  row: Row;
  number: number;
  isLocked: boolean;
  describedBy: string | undefined;
}

export function RowActions(props: ActionsProps) {
  const { t } = useTranslation('mapping');
  const { openOptions } = useEditor();
  const { row, number } = props;
  const isSet = hasOptions(row.fields);
  const focusComesBack = useRestoreFocusTarget();
  return (
    <>
      <Button
        {...focusComesBack}
        id={partId(row.key, 'options')}
        appearance="subtle"
        icon={isSet ? <OptionsFilled primaryFill="var(--colorBrandForeground1)" /> : <OptionsRegular />}
        aria-label={t(isSet ? 'row.optionsSet' : 'row.options', { number })}
        aria-describedby={props.describedBy}
        onClick={() => openOptions(row.key)}
      />
      {props.isLocked ? <Lock {...props} /> : <Remove {...props} />}
    </>
  );
}

function Remove({ row, number }: ActionsProps) {
  const { t } = useTranslation('mapping');
  const { edit } = useEditor();
  const { announce } = useAnnounce();
  const remove = () => {
    const neighbour = neighbourOf(row.key);
    edit({ type: 'removed', key: row.key });
    announce(t('row.removed', { number }));
    if (neighbour) {
      focusPart(neighbour, 'remove');
    }
  };
  return (
    <Button
      id={partId(row.key, 'remove')}
      appearance="subtle"
      icon={<DeleteRegular />}
      aria-label={t('row.remove', { number })}
      onClick={remove}
    />
  );
}

/** In place of the trash icon where it would do harm: says why. */
function Lock({ row, number }: ActionsProps) {
  const { t } = useTranslation('mapping');
  const { catalog } = useEditor();
  const column = useNames().column(catalog, row.fields.column);
  return (
    <Tooltip content={t('row.locked', { number, column })} relationship="label">
      <Button
        id={partId(row.key, 'remove')}
        appearance="subtle"
        icon={<LockClosedRegular />}
        disabledFocusable
      />
    </Tooltip>
  );
}

/** The row that comes to stand where this one is, or the one before. */
function neighbourOf(key: string): string | null {
  const row = document.querySelector<HTMLElement>(`[data-key="${key}"]`);
  const neighbour = row?.nextElementSibling ?? row?.previousElementSibling;
  return neighbour instanceof HTMLElement ? (neighbour.dataset.key ?? null) : null;
}
