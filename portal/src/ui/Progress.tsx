/** A progress bar with a rounded value: a tiny share is written as 1e-7, which assistive technology cannot read. */
import { ProgressBar, type ProgressBarProps } from '@fluentui/react-components';

export function Progress(props: ProgressBarProps & { value: number }) {
  return <ProgressBar {...props} value={Number(props.value.toFixed(4))} />;
}
