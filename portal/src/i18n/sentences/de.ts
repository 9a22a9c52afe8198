/** What the API says, in German. */
import { sayer } from '../sayer';
import byCode from './de.json';
import wordings from './de.wordings.json';

export const say = sayer(byCode, wordings);
