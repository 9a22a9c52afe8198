/** A message in the page: what happened, what to do, and a way on. */
import { MessageBar, MessageBarActions, MessageBarBody, MessageBarTitle } from '@fluentui/react-components';
import type { NoticeProps } from './Notice';

export function NoticeBar(props: NoticeProps) {
  return (
    <MessageBar
      intent={props.intent}
      layout="multiline"
      className={props.className}
      role={props.intent === 'error' ? 'alert' : undefined}
    >
      <MessageBarBody>
        {props.title && <MessageBarTitle>{props.title}</MessageBarTitle>}
        {props.children}
      </MessageBarBody>
      {props.actions && <MessageBarActions>{props.actions}</MessageBarActions>}
    </MessageBar>
  );
}
