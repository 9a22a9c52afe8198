/** Manage → General: what may be exported, as whom, and what happens with matches. */
export function GeneralTab() {
  return null;
}
