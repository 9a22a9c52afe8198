/** What each part of the options panel is given: the row's fields, and how they are changed. */
import type { Fields } from '../row';

export interface OptionProps {
  fields: Fields;
  change: (part: Fields) => void;
}
