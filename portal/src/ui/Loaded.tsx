/** Shows a query in each of its states: skeleton, problem with a retry, or the content. */
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ProblemMessage } from './ProblemMessage';
import { LinesSkeleton } from './skeletons';

interface LoadedProps<T> {
  query: UseQueryResult<T, unknown>;
  /** What keeps the place of the content, so that nothing moves when it comes. */
  skeleton?: ReactNode;
  children: (data: T) => ReactNode;
}

export function Loaded<T>(props: LoadedProps<T>) {
  const { query } = props;
  if (query.data !== undefined) {
    return props.children(query.data);
  }
  if (query.isError) {
    return <ProblemMessage error={query.error} onRetry={() => void query.refetch()} />;
  }
  return props.skeleton ?? <LinesSkeleton />;
}
