/** Manage → Mapping: which vendor field goes to which column. */
export function MappingTab() {
  return null;
}
