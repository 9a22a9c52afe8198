/** A message in the page, loaded when the first page stands: most visits see none. */
import type { MessageBarIntent } from '@fluentui/react-components';
import { lazy, type ReactNode, Suspense } from 'react';

export interface NoticeProps {
  intent: MessageBarIntent;
  title?: string;
  children?: ReactNode;
  actions?: ReactNode;
  className?: string;
}

const NoticeBar = lazy(async () => ({
  default: await loadNotice().then(
    (loaded) => loaded.NoticeBar,
    () => PlainNotice,
  ),
}));

export function Notice(props: NoticeProps) {
  return (
    <Suspense>
      <NoticeBar {...props} />
    </Suspense>
  );
}

/** Fetches it before it is needed: without a network it could not be. */
export function loadNotice() {
  return import('./NoticeBar');
}

/** For whom the network is gone before it was there. */
function PlainNotice(props: NoticeProps) {
  return (
    <div role="alert" className={props.className}>
      {props.title && <strong>{props.title}</strong>} {props.children} {props.actions}
    </div>
  );
}
