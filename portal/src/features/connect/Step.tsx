/** One step of connecting: its number or a tick, its title, what it is for, and its content. */
import { Badge, Card, Subtitle2, Text } from '@fluentui/react-components';
import { CheckmarkRegular } from '@fluentui/react-icons';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './ConnectPage.module.css';

interface StepProps {
  number: number;
  title: string;
  about: string;
  isDone: boolean;
  children?: ReactNode;
}

export function Step(props: StepProps) {
  const { t } = useTranslation('connect');
  return (
    <li>
      <Card className={styles.step} role="group" aria-label={props.title}>
        <div className={styles.head}>
          <Badge
            size="extra-large"
            appearance={props.isDone ? 'filled' : 'tint'}
            color={props.isDone ? 'success' : 'brand'}
            icon={props.isDone ? <CheckmarkRegular aria-label={t('done')} /> : undefined}
          >
            {props.isDone ? null : props.number}
          </Badge>
          <Subtitle2 as="h2">{props.title}</Subtitle2>
        </div>
        <Text className={styles.about}>{props.about}</Text>
        {props.children}
      </Card>
    </li>
  );
}
