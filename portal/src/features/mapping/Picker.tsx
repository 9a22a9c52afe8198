/** A combobox over many things with names of their own: found by typing a part of any of them. */
import { Combobox, Option, OptionGroup } from '@fluentui/react-components';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './Picker.module.css';

export interface PickerItem {
  value: string;
  label: string;
  /** The second line: logical name and type. */
  detail: string;
  isRequired?: boolean;
  isDisabled?: boolean;
}

export interface PickerGroup {
  label: string;
  items: PickerItem[];
}

interface PickerProps {
  id?: string;
  label: string;
  placeholder: string;
  value: string;
  /** What stands in the field for the value. */
  text: string;
  isInvalid?: boolean;
  describedBy?: string | undefined;
  /** Asked for when the list is opened. */
  groups: () => PickerGroup[];
  onPick: (value: string) => void;
}

/** More are found by typing: a list of hundreds is read by nobody, and takes long to draw. */
const MOST = 50;

export function Picker(props: PickerProps) {
  const [query, setQuery] = useState<string | null>(null);
  // Put together once for each opening: hundreds of texts for each letter would be felt.
  const [groups, setGroups] = useState<PickerGroup[] | null>(null);
  const open = () => setGroups((shown) => shown ?? props.groups());
  return (
    <Combobox
      id={props.id}
      className={styles.picker}
      aria-label={props.label}
      aria-invalid={props.isInvalid || undefined}
      aria-describedby={props.describedBy}
      placeholder={props.placeholder}
      title={props.text}
      value={query ?? props.text}
      selectedOptions={props.value ? [props.value] : []}
      open={groups !== null}
      onFocus={(event) => event.target.select()}
      onChange={(event) => {
        setQuery(event.target.value);
        open();
      }}
      onOpenChange={(_, data) => {
        if (data.open) {
          open();
        } else {
          setGroups(null);
          setQuery(null);
        }
      }}
      onOptionSelect={(_, { optionValue }) => {
        if (optionValue !== undefined) {
          setQuery(null);
          props.onPick(optionValue);
        }
      }}
      // It is as high as fits above or below; Fluent's own fitting leaves two lines at the end of the window.
      positioning={{ autoSize: false }}
      listbox={{ className: styles.list }}
    >
      {groups && <Choices groups={groups} query={query ?? ''} />}
    </Combobox>
  );
}

function Choices({ groups, query }: { groups: PickerGroup[]; query: string }) {
  const { t } = useTranslation('mapping');
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found = groups.map((group) => ({ ...group, items: group.items.filter((item) => has(item, words)) }));
  const shown = firstOf(found, MOST);
  const count = (all: PickerGroup[]) => all.reduce((sum, group) => sum + group.items.length, 0);
  const more = count(found) - count(shown);
  return (
    <>
      {shown.map((group) => (
        <OptionGroup key={group.label} label={group.label}>
          {group.items.map((item) => (
            <Choice key={item.value} item={item} />
          ))}
        </OptionGroup>
      ))}
      {shown.length === 0 && <Note>{t('column.nothingFound')}</Note>}
      {more > 0 && <Note>{t('column.more', { count: more })}</Note>}
    </>
  );
}

function Choice({ item }: { item: PickerItem }) {
  const { t } = useTranslation('mapping');
  return (
    <Option value={item.value} text={item.label} disabled={item.isDisabled ?? false}>
      <span className={styles.choice}>
        <span>
          {item.label}
          {item.isRequired && (
            <span className={styles.required} role="img" aria-label={t('row.required')}>
              {' *'}
            </span>
          )}
        </span>
        <span className={styles.detail}>{item.detail}</span>
      </span>
    </Option>
  );
}

function Note({ children }: { children: string }) {
  return (
    <Option value="" text={children} disabled checkIcon={null}>
      {children}
    </Option>
  );
}

function has(item: PickerItem, words: string[]): boolean {
  const text = `${item.label} ${item.detail}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

/** The groups with at most so many items among them, and none that is empty. */
function firstOf(groups: PickerGroup[], most: number): PickerGroup[] {
  let left = most;
  const cut = groups.map((group) => {
    const items = group.items.slice(0, left);
    left -= items.length;
    return { ...group, items };
  });
  return cut.filter((group) => group.items.length > 0);
}
