/** What Verify found: each problem with the way to its row, and warnings that keep nobody from saving. */
import {
  Button,
  Link,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
} from '@fluentui/react-components';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSentences } from '../../i18n/useSentences';
import type { Editing, Remark } from './editing';
import { focusPart, partOf } from './focus';
import type { Row } from './row';
import { useAddRowFor } from './UnfedColumns';
import styles from './VerifyMessage.module.css';

export function VerifyMessage({ state }: { state: Editing }) {
  const { t } = useTranslation('mapping');
  const { problems, warnings, rows } = state;
  return (
    <>
      {problems.length > 0 && (
        <MessageBar intent="error" layout="multiline" role="alert">
          <MessageBarBody className={styles.body}>
            <MessageBarTitle>{t('bar.problems', { count: problems.length })}</MessageBarTitle>
            <Remarks remarks={problems} rows={rows} />
          </MessageBarBody>
        </MessageBar>
      )}
      {warnings.length > 0 && <Warnings warnings={warnings} rows={rows} />}
    </>
  );
}

function Warnings({ warnings, rows }: { warnings: Remark[]; rows: Row[] }) {
  const { t } = useTranslation('mapping');
  const [isShown, setIsShown] = useState(false);
  return (
    <MessageBar intent="warning" layout={isShown ? 'multiline' : 'auto'}>
      <MessageBarBody className={styles.body}>
        <MessageBarTitle>{t('bar.warnings', { count: warnings.length })}</MessageBarTitle>
        {isShown && <Remarks remarks={warnings} rows={rows} />}
      </MessageBarBody>
      <MessageBarActions>
        <Button size="small" aria-expanded={isShown} onClick={() => setIsShown(!isShown)}>
          {t(isShown ? 'bar.hide' : 'bar.show')}
        </Button>
      </MessageBarActions>
    </MessageBar>
  );
}

function Remarks({ remarks, rows }: { remarks: Remark[]; rows: Row[] }) {
  const say = useSentences();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard
    <ul className={styles.list} tabIndex={0}>
      {remarks.map((remark) => (
        <li key={`${remark.key} ${remark.code} ${remark.message}`}>
          <Place remark={remark} rows={rows} />
          {say(remark.code, remark.message)}
        </li>
      ))}
    </ul>
  );
}

/** The way to the row that is spoken of or, for a column without one, to a new row. */
function Place({ remark, rows }: { remark: Remark; rows: Row[] }) {
  const { t } = useTranslation('mapping');
  const add = useAddRowFor();
  const { key, code, column } = remark;
  if (key !== null) {
    const number = rows.findIndex((row) => row.key === key) + 1;
    return (
      <>
        <Link onClick={() => focusPart(key, partOf(code), 'center')}>{t('bar.goTo', { number })}</Link>
        {': '}
      </>
    );
  }
  if (
    code === 'requiredUnmapped' &&
    column !== null &&
    !rows.some(({ fields }) => fields.column === column)
  ) {
    return (
      <>
        <Link onClick={() => add(column)}>{t('bar.addRow')}</Link>
        {': '}
      </>
    );
  }
  return null;
}
