/** The way to a record in the tenant's own Dynamics. */
import { Link } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../../api/ApiContext';
import type { ObjectType } from '../draft';
import type { Outcome } from './OutcomeTable';

export function DynamicsLink(props: { object: ObjectType; id: string; item: Outcome }) {
  const { t } = useTranslation('exports');
  const connection = useApi().$api.useQuery('get', '/connection');
  const organization = connection.data?.organizationUrl;
  if (!organization) {
    return null;
  }
  const query = new URLSearchParams({ etn: props.object, id: props.id, pagetype: 'entityrecord' });
  return (
    <Link
      href={`${organization.replace(/\/$/, '')}/main.aspx?${query}`}
      target="_blank"
      rel="noreferrer"
      aria-label={t('outcomes.openRecord', { position: props.item.position })}
    >
      {t('outcomes.open')}
    </Link>
  );
}
