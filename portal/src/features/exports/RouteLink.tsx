/** Goes to another screen: Fluent's link, followed without loading the page anew. */
import { Link } from '@fluentui/react-components';
import type { MouseEvent, ReactNode } from 'react';
import { useHref, useLinkClickHandler } from 'react-router';

export function RouteLink({ to, children }: { to: string; children: ReactNode }) {
  const href = useHref(to);
  const follow = useLinkClickHandler<HTMLAnchorElement>(to);
  return (
    <Link href={href} inline onClick={(event) => follow(event as MouseEvent<HTMLAnchorElement>)}>
      {children}
    </Link>
  );
}
