/** What the API says in another language: by the sentence with its names and numbers, else by its code. */
type Texts = Readonly<Record<string, string>>;
export type Say = (code: string | null | undefined, said: string) => string;

const PLACE = /\{(\w+)\}/g;

/** `wordings` hold sentences with {places}; of several sentences in a row, each is found. */
export function sayer(byCode: Texts, wordings: Texts): Say {
  const patterns = Object.entries(wordings).map(([said, shown]) => {
    const pattern = said.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(PLACE, '(?<$1>.*?)');
    return [new RegExp(pattern, 'gi'), shown.replace(PLACE, '$<$1>')] as const;
  });
  return (code, said) => {
    const shown = patterns.reduce((text, [pattern, wording]) => text.replace(pattern, wording), said);
    return shown === said ? ((code && byCode[code]) ?? said) : shown;
  };
}
