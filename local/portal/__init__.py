"""The portal on this machine: built once, served with the headers that it has in Azure."""
