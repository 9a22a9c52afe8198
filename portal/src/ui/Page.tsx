/** The frame of every screen: its title as heading and document title, what can be done, and the content. */
import { Title2 } from '@fluentui/react-components';
import { type ReactNode, useEffect } from 'react';
import { useVendorName } from '../shell/VendorName';
import styles from './Page.module.css';

interface PageProps {
  title: string;
  /** One or two sentences below the title. */
  lead?: ReactNode;
  actions?: ReactNode;
  children?: ReactNode;
}

export function Page(props: PageProps) {
  const vendor = useVendorName();
  useEffect(() => {
    document.title = `${props.title} · ${vendor}`;
  }, [props.title, vendor]);
  return (
    <div className={styles.page}>
      <div className={styles.head}>
        <Title2 as="h1">{props.title}</Title2>
        {props.actions}
      </div>
      {props.lead && <p className={styles.lead}>{props.lead}</p>}
      {props.children}
    </div>
  );
}
