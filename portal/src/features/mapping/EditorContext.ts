/** What every part of the editor needs; it never changes while rows are edited, so that no row is drawn for it. */
import { createContext, type Dispatch, useContext } from 'react';
import type { Catalog } from './catalog';
import type { Edit } from './editing';
import type { ObjectType } from './row';

export interface Editor {
  object: ObjectType;
  catalog: Catalog;
  edit: Dispatch<Edit>;
  openOptions: (key: string) => void;
}

export const EditorContext = createContext<Editor | null>(null);

export function useEditor(): Editor {
  const editor = useContext(EditorContext);
  if (editor === null) {
    throw new Error('useEditor is for components inside of the mapping editor.');
  }
  return editor;
}
