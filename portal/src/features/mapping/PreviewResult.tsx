/** What a preview came to: the outcome, the record that was found, its changes, and what each row does. */
import {
  Badge,
  MessageBar,
  MessageBarBody,
  MessageBarTitle,
  Subtitle2,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
} from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import type { components } from '../../api/schema';
import { useSentences } from '../../i18n/useSentences';
import { useEditor } from './EditorContext';
import { useNames } from './names';
import styles from './PreviewResult.module.css';

type Result = components['schemas']['RecordPreviewPayload'];
type Effect = components['schemas']['RowPreviewPayload'];
type Match = NonNullable<Result['match']>;

const INTENTS = {
  created: 'success',
  updated: 'success',
  unchanged: 'info',
  skipped: 'warning',
  failed: 'error',
} as const;
const COLORS = {
  sent: 'success',
  empty: 'informative',
  outranked: 'informative',
  invalid: 'danger',
  unusable: 'warning',
} as const;
const RULES = ['vendorId', 'email', 'domain', 'name'] as const;

export function PreviewResult({ result }: { result: Result }) {
  const { t } = useTranslation('mapping');
  return (
    <>
      {result.match ? <Outcome match={result.match} /> : <Unmatched result={result} />}
      {result.match && result.match.changes.length > 0 && <Changes match={result.match} />}
      <Subtitle2 as="h3">{t('preview.rows')}</Subtitle2>
      <Rows rows={result.rows} />
    </>
  );
}

function Outcome({ match }: { match: Match }) {
  const { t } = useTranslation('mapping');
  const say = useSentences();
  const rule = RULES.find((each) => each === match.rule);
  return (
    <MessageBar intent={INTENTS[match.outcome]} layout="multiline" role="status">
      <MessageBarBody>
        <MessageBarTitle>{t(`preview.outcome.${match.outcome}`)}</MessageBarTitle>
        {match.rule && (
          <div>
            {t('preview.rule', { rule: t(`preview.rules.${rule ?? 'other'}`, { rule: match.rule }) })}
          </div>
        )}
        {match.reason && <div>{say(null, match.reason)}</div>}
      </MessageBarBody>
    </MessageBar>
  );
}

/** Dynamics was not asked: only whether a new record could be made. */
function Unmatched({ result }: { result: Result }) {
  const { t } = useTranslation('mapping');
  return (
    <MessageBar intent={result.refused ? 'error' : 'info'} layout="multiline" role="status">
      <MessageBarBody>
        <MessageBarTitle>{t(result.refused ? 'preview.refused' : 'preview.wouldCreate')}</MessageBarTitle>
        {result.refused}
      </MessageBarBody>
    </MessageBar>
  );
}

function Changes({ match }: { match: Match }) {
  const { t } = useTranslation('mapping');
  return (
    <>
      <Subtitle2 as="h3">{t('preview.changes')}</Subtitle2>
      <Table size="small" aria-label={t('preview.changes')}>
        <TableHeader>
          <TableRow>
            <TableHeaderCell>{t('preview.field')}</TableHeaderCell>
            <TableHeaderCell>{t('preview.old')}</TableHeaderCell>
            <TableHeaderCell>{t('preview.new')}</TableHeaderCell>
          </TableRow>
        </TableHeader>
        <TableBody>
          {match.changes.map((change) => (
            <TableRow key={change.column}>
              <TableCell className={styles.cell}>{change.label}</TableCell>
              <Value value={change.old} />
              <Value value={change.new} />
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </>
  );
}

function Rows({ rows }: { rows: Effect[] }) {
  const { t } = useTranslation('mapping');
  return (
    <Table size="small" aria-label={t('preview.rows')} className={styles.table}>
      <TableHeader>
        <TableRow>
          <TableHeaderCell>{t('preview.source')}</TableHeaderCell>
          <TableHeaderCell>{t('preview.given')}</TableHeaderCell>
          <TableHeaderCell>{t('preview.field')}</TableHeaderCell>
          <TableHeaderCell>{t('preview.value')}</TableHeaderCell>
        </TableRow>
      </TableHeader>
      <TableBody>
        {rows.map((row) => (
          <EffectRow key={row.row} row={row} />
        ))}
      </TableBody>
    </Table>
  );
}

function EffectRow({ row }: { row: Effect }) {
  const { t } = useTranslation('mapping');
  const say = useSentences();
  const { catalog } = useEditor();
  const names = useNames();
  return (
    <TableRow>
      <TableCell className={styles.cell}>
        {row.row}. {names.source(catalog, row)}
      </TableCell>
      <Value value={row.given} />
      <TableCell className={styles.cell}>{names.column(catalog, row.column)}</TableCell>
      <TableCell className={styles.cell}>
        {row.effect === 'sent' ? (
          String(row.value)
        ) : (
          <Badge appearance="tint" color={COLORS[row.effect]}>
            {t(`preview.effects.${row.effect}`)}
          </Badge>
        )}
        {row.effect !== 'sent' && row.effect !== 'empty' && (
          <div className={styles.reason}>{say(null, row.reason)}</div>
        )}
      </TableCell>
    </TableRow>
  );
}

function Value({ value }: { value: unknown }) {
  const { t } = useTranslation('mapping');
  const isEmpty = value === null || value === undefined || value === '';
  return (
    <TableCell className={isEmpty ? styles.empty : styles.cell}>
      {isEmpty ? t('preview.empty') : textOf(value)}
    </TableCell>
  );
}

function textOf(value: unknown): string {
  return Array.isArray(value) ? value.join('; ') : String(value);
}
