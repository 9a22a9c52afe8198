/** The vendor's name, from /config.json. */
import { createContext, useContext } from 'react';

export const VendorName = createContext('');

export function useVendorName(): string {
  return useContext(VendorName);
}
