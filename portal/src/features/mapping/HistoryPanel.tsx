/** Who changed the mapping, when and how; any version can be brought back. */
import {
  Accordion,
  AccordionHeader,
  AccordionItem,
  AccordionPanel,
  Badge,
  Button,
  Text,
} from '@fluentui/react-components';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../api/ApiContext';
import type { components } from '../../api/schema';
import { useFormat } from '../../i18n/useFormat';
import { EmptyState } from '../../ui/EmptyState';
import { Loaded } from '../../ui/Loaded';
import { ProblemMessage } from '../../ui/ProblemMessage';
import { useEditor } from './EditorContext';
import type { Editing } from './editing';
import styles from './HistoryPanel.module.css';
import lists from './lists.module.css';
import { Panel } from './Panel';
import { useRestoring } from './useRestoring';

type Version = components['schemas']['VersionPayload'];

interface HistoryProps {
  state: Editing;
  isDirty: boolean;
  isOpen: boolean;
  onClose: () => void;
}

export function HistoryPanel(props: HistoryProps) {
  const { t } = useTranslation('mapping');
  return (
    <Panel
      title={t('history.title')}
      subtitle={t('history.subtitle')}
      isOpen={props.isOpen}
      onClose={props.onClose}
    >
      <Versions {...props} />
    </Panel>
  );
}

function Versions(props: HistoryProps) {
  const { t } = useTranslation('mapping');
  const { object } = useEditor();
  const [opened, setOpened] = useState<unknown>(null);
  const versions = useApi().$api.useQuery('get', '/mappings/{object}/versions', {
    params: { path: { object } },
  });
  return (
    <Loaded query={versions}>
      {({ items }) =>
        items.length === 0 ? (
          <EmptyState title={t('history.empty')} />
        ) : (
          <Accordion collapsible onToggle={(_, { openItems }) => setOpened(openItems[0])}>
            {items.map((version) => (
              <AccordionItem key={version.version} value={version.version}>
                <AccordionHeader>
                  <Summary version={version} isInForce={version === items[0]} />
                </AccordionHeader>
                <AccordionPanel>
                  {opened === version.version && (
                    <Detail {...props} version={version} isInForce={version === items[0]} />
                  )}
                </AccordionPanel>
              </AccordionItem>
            ))}
          </Accordion>
        )
      }
    </Loaded>
  );
}

function Summary({ version, isInForce }: { version: Version; isInForce: boolean }) {
  const { t } = useTranslation('mapping');
  const format = useFormat();
  const what = version.isDefault
    ? t('history.isDefault')
    : version.restoredFrom === null
      ? t('history.rows', { count: version.rows ?? 0 })
      : t('history.restoredFrom', { version: version.restoredFrom });
  const when = version.updatedAt ? format.dateTime(version.updatedAt) : '–';
  return (
    <span className={styles.summary}>
      <span className={styles.name}>
        <Text weight="semibold">{t('history.version', { version: version.version })}</Text>
        {isInForce && (
          <Badge appearance="tint" color="success">
            {t('history.current')}
          </Badge>
        )}
      </span>
      <Text size={200} className={lists.soft}>
        {t('history.who', { user: version.updatedBy ?? t('history.somebody'), when })} · {what}
      </Text>
    </span>
  );
}

function Detail(props: HistoryProps & { version: Version; isInForce: boolean }) {
  const { t } = useTranslation('mapping');
  const { object } = useEditor();
  const number = props.version.version;
  const detail = useApi().$api.useQuery('get', '/mappings/{object}/versions/{version}', {
    params: { path: { object, version: number } },
  });
  const restoring = useRestoring(props.onClose);
  return (
    <Loaded query={detail}>
      {({ changes }) => (
        <div className={styles.detail}>
          <Text weight="semibold">{t('history.changes')}</Text>
          {changes.length === 0 ? (
            <Text className={lists.soft}>{t('history.noChanges')}</Text>
          ) : (
            <ul className={lists.list}>
              {changes.map((change) => (
                <li key={change}>{change}</li>
              ))}
            </ul>
          )}
          {restoring.isError && <ProblemMessage error={restoring.error} />}
          {!props.isInForce && !props.version.isDefault && (
            <div className={styles.restore}>
              <Button
                disabledFocusable={restoring.isPending}
                onClick={() => restoring.mutate({ from: number, etag: props.state.saved.etag })}
              >
                {t('history.restore', { version: number })}
              </Button>
              {props.isDirty && <Text size={200}>{t('history.restoreUnsaved')}</Text>}
            </div>
          )}
        </div>
      )}
    </Loaded>
  );
}
