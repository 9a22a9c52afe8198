/** What can be done to the rows on the screen, and what Verify has said about them. */
import type { components } from '../../api/schema';
import type { Tagged } from '../../api/tagged';
import { type Fields, plainFields, type Row, rowOf } from './row';

export type Mapping = components['schemas']['MappingPayload'];

/** A sentence about a row or, with the key null, about the mapping as a whole. */
export interface Remark {
  key: string | null;
  code: string;
  message: string;
  column: string | null;
}

/** What was read last: the state that a save replaces. */
export interface Saved {
  etag: string;
  version: number;
  updatedBy: string | null;
  updatedAt: string | null;
  rows: string;
}

export interface Editing {
  rows: Row[];
  saved: Saved;
  problems: Remark[];
  warnings: Remark[];
}

interface Said {
  row?: number | null;
  /** As a pointer, `/rows/3/choices`: all that a problem of the form says about its row. */
  path?: string;
  code: string;
  message: string;
  column?: string | null;
}

export type Edit =
  | { type: 'changed'; key: string; fields: Fields }
  | { type: 'added'; row: Row }
  | { type: 'removed'; key: string }
  | { type: 'moved'; key: string; to: number }
  | { type: 'replaced'; rows: Fields[] }
  | { type: 'refused'; problems: Said[] }
  | { type: 'warned'; warnings: Said[] }
  | { type: 'loaded'; mapping: Tagged<Mapping> }
  | { type: 'saved'; mapping: Tagged<Mapping>; sent: string };

export function startEditing({ value, etag }: Tagged<Mapping>): Editing {
  const rows = value.rows.map(rowOf);
  return { rows, saved: savedOf(value, etag), problems: [], warnings: remarks(value.warnings ?? [], rows) };
}

export function edited(state: Editing, edit: Edit): Editing {
  switch (edit.type) {
    case 'changed':
      return {
        ...without(state, edit.key),
        rows: state.rows.map((row) => (row.key === edit.key ? { ...row, fields: edit.fields } : row)),
      };
    case 'added':
      return { ...state, rows: [...state.rows, edit.row] };
    case 'removed':
      return { ...without(state, edit.key), rows: state.rows.filter((row) => row.key !== edit.key) };
    case 'moved':
      return { ...state, rows: moved(state.rows, edit.key, edit.to) };
    case 'replaced':
      return { ...state, rows: edit.rows.map(rowOf), problems: [], warnings: [] };
    case 'refused':
      return { ...state, problems: remarks(edit.problems, state.rows) };
    case 'warned':
      return { ...state, problems: [], warnings: remarks(edit.warnings, state.rows) };
    case 'loaded':
      return startEditing(edit.mapping);
    case 'saved':
      return afterSave(state, edit);
  }
}

export function isDirty(state: Editing): boolean {
  return state.saved.rows !== rowsText(state.rows);
}

export function rowsText(rows: Row[]): string {
  return textOf(rows.map((row) => row.fields));
}

/** Takes over the rows as they were saved; what was edited in the meantime stays, and is unsaved. */
function afterSave(state: Editing, { mapping, sent }: Extract<Edit, { type: 'saved' }>): Editing {
  const { value, etag } = mapping;
  const taken = (row: Row, index: number) => ({ ...row, fields: value.rows[index] ?? row.fields });
  const rows = rowsText(state.rows) === sent ? state.rows.map(taken) : state.rows;
  return { rows, saved: savedOf(value, etag), problems: [], warnings: remarks(value.warnings ?? [], rows) };
}

function savedOf(mapping: Mapping, etag: string): Saved {
  const { version, updatedBy, updatedAt } = mapping;
  return { etag, version, updatedBy, updatedAt, rows: textOf(mapping.rows) };
}

function textOf(rows: Fields[]): string {
  return rows.map(rowText).join('\n');
}

/** Fields are never changed in place: only the edited row is written anew for each letter. */
const texts = new WeakMap<Fields, string>();

function rowText(fields: Fields): string {
  const known = texts.get(fields) ?? JSON.stringify(plainFields(fields));
  texts.set(fields, known);
  return known;
}

/** Rows are numbered when they are looked at; the screen keeps them by key, since they may be moved. */
function remarks(said: Said[], rows: Row[]): Remark[] {
  return said.map((each) => ({
    key: rows[rowIndex(each)]?.key ?? null,
    code: each.code,
    message: sentenceOf(each.message),
    column: each.column ?? null,
  }));
}

/** Without its row, which is said beside it. */
function sentenceOf(message: string): string {
  const sentence = message.replace(/^Row \d+: /, '');
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

/** From 0; -1 for what is said about the mapping as a whole. */
export function rowIndex({ row, path }: Pick<Said, 'row' | 'path'>): number {
  return row != null ? row - 1 : Number(path?.match(/^\/rows\/(\d+)/)?.[1] ?? -1);
}

/** An edited row is no longer the one that was spoken of; of the whole mapping, problems may be gone as well. */
function without(state: Editing, key: string): Editing {
  const isOfOthers = (remark: Remark) => remark.key !== key;
  return {
    ...state,
    problems: state.problems.filter(isOfOthers),
    warnings: state.warnings.filter(isOfOthers),
  };
}

function moved(rows: Row[], key: string, to: number): Row[] {
  const row = rows.find((each) => each.key === key);
  const others = rows.filter((each) => each.key !== key);
  return row ? [...others.slice(0, to), row, ...others.slice(to)] : rows;
}
