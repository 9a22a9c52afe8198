/** By what existing records are recognized, the most important rule first. */
import { Button, Checkbox, Field } from '@fluentui/react-components';
import { ArrowDownRegular, ArrowUpRegular } from '@fluentui/react-icons';
import { useTranslation } from 'react-i18next';
import styles from './GeneralForm.module.css';
import { type ExportedObject, moved, RULES, type Rule } from './preferences';

interface MatchRulesProps {
  object: ExportedObject;
  chosen: Rule[];
  onChange: (rules: Rule[]) => void;
}

export function MatchRules({ object, chosen, onChange }: MatchRulesProps) {
  const { t } = useTranslation('general');
  const others = RULES[object].filter((rule) => !chosen.includes(rule));
  return (
    <Field label={t('matchRules.label')} hint={t('matchRules.hint')}>
      <ol className={styles.rules} aria-label={t('matchRules.label')}>
        {[...chosen, ...others].map((rule) => (
          <li key={rule} className={styles.rule}>
            <Checkbox
              label={t(`matchRules.${rule}`)}
              checked={chosen.includes(rule)}
              onChange={(_, { checked }) =>
                onChange(checked ? [...chosen, rule] : chosen.filter((each) => each !== rule))
              }
            />
            {chosen.length > 1 && chosen.includes(rule) && (
              <span>
                <Mover rule={rule} by={-1} chosen={chosen} onChange={onChange} />
                <Mover rule={rule} by={1} chosen={chosen} onChange={onChange} />
              </span>
            )}
          </li>
        ))}
      </ol>
    </Field>
  );
}

interface MoverProps {
  rule: Rule;
  by: -1 | 1;
  chosen: Rule[];
  onChange: (rules: Rule[]) => void;
}

function Mover({ rule, by, chosen, onChange }: MoverProps) {
  const { t } = useTranslation('general');
  const place = chosen.indexOf(rule);
  return (
    <Button
      appearance="subtle"
      size="small"
      icon={by < 0 ? <ArrowUpRegular /> : <ArrowDownRegular />}
      aria-label={t(by < 0 ? 'matchRules.up' : 'matchRules.down', { rule: t(`matchRules.${rule}`) })}
      disabledFocusable={by < 0 ? place === 0 : place === chosen.length - 1}
      onClick={() => onChange(moved(chosen, rule, by))}
    />
  );
}
