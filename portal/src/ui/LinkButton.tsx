/** Goes to another screen: a real link (new tab, copy address) that looks like a button. */
import { Button, type ButtonProps } from '@fluentui/react-components';
import type { MouseEvent, ReactElement } from 'react';
import { useHref, useLinkClickHandler } from 'react-router';

interface LinkButtonProps {
  to: string;
  appearance?: ButtonProps['appearance'];
  icon?: ReactElement;
  children: string;
}

export function LinkButton(props: LinkButtonProps) {
  const href = useHref(props.to);
  const click = useLinkClickHandler<HTMLAnchorElement>(props.to);
  return (
    <Button
      as="a"
      href={href}
      appearance={props.appearance ?? 'secondary'}
      icon={props.icon}
      onClick={(event: MouseEvent<HTMLElement>) => click(event as MouseEvent<HTMLAnchorElement>)}
    >
      {props.children}
    </Button>
  );
}
