/** Chooses people by name; somebody whom the service has not met yet is typed by id or e-mail address. */
import {
  Field,
  Tag,
  TagPicker,
  TagPickerControl,
  TagPickerGroup,
  TagPickerInput,
  TagPickerList,
  TagPickerOption,
} from '@fluentui/react-components';
import { keepPreviousData } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../api/ApiContext';
import type { components } from '../../api/schema';

type User = components['schemas']['UserPayload'];

interface UserPickerProps {
  value: string[];
  onChange: (users: string[]) => void;
  problem: string | undefined;
}

const OFFERED = 20;
const NAMED = 1000;

export function UserPicker({ value, onChange, problem }: UserPickerProps) {
  const { t } = useTranslation('connect');
  const [query, setQuery] = useState('');
  const [isOpen, setOpen] = useState(false);
  const offered = useOffered(query, value);
  const nameOf = useNames();
  const typed = query.trim();
  const isNew = typed !== '' && ![...value, ...offered.map((user) => user.id)].includes(typed);
  return (
    <Field label={t('access.names')} hint={t('access.namesHint')} validationMessage={problem}>
      <TagPicker
        open={isOpen}
        onOpenChange={(_, { open }) => setOpen(open)}
        selectedOptions={value}
        onOptionSelect={(_, { selectedOptions }) => {
          onChange(selectedOptions.filter((id) => id !== ''));
          setQuery('');
        }}
      >
        <TagPickerControl>
          {value.length > 0 && (
            <TagPickerGroup aria-label={t('access.names')}>
              {value.map((id) => (
                <Tag key={id} value={id} shape="rounded" title={id}>
                  {nameOf(id)}
                </Tag>
              ))}
            </TagPickerGroup>
          )}
          <TagPickerInput
            value={query}
            onChange={(event) => {
              setQuery(event.target.value);
              // Keys open the list by themselves; what is pasted or dictated does not.
              setOpen(true);
            }}
          />
        </TagPickerControl>
        <TagPickerList>
          {offered.map((user) => (
            <TagPickerOption key={user.id} value={user.id} text={labelOf(user)} secondaryContent={user.email}>
              {labelOf(user)}
            </TagPickerOption>
          ))}
          {isNew && (
            <TagPickerOption value={typed} text={typed}>
              {t('access.typed', { typed })}
            </TagPickerOption>
          )}
          {offered.length === 0 && !isNew && (
            <TagPickerOption value="" text="">
              {t('access.nobodyFound')}
            </TagPickerOption>
          )}
        </TagPickerList>
      </TagPicker>
    </Field>
  );
}

/** Who fits what was typed and is not chosen yet. */
function useOffered(query: string, chosen: string[]): User[] {
  const search = useDeferredValue(query.trim());
  const { data } = useApi().$api.useQuery(
    'get',
    '/users',
    { params: { query: { search, limit: OFFERED } } },
    { placeholderData: keepPreviousData },
  );
  return (data?.items ?? []).filter((user) => !chosen.includes(user.id));
}

/** What to call a person of whom the id is known, or the address, or no more than that. */
function useNames(): (id: string) => string {
  const { data } = useApi().$api.useQuery('get', '/users', { params: { query: { limit: NAMED } } });
  const known = new Map(data?.items.map((user) => [user.id, labelOf(user)]));
  return (id) => known.get(id) ?? id;
}

function labelOf(user: User): string {
  return user.name ?? user.email ?? user.id;
}
