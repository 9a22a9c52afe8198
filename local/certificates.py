"""A certificate of one's own for https on the loopback interface, kept for the next time."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Certificates:
    """The files: the authority to trust, and what the server shows."""

    authority: Path
    chain: Path
    key: Path


def make_certificates(folder: Path) -> Certificates:
    """The folder's certificates, made where they are missing; clients trust the same authority as before."""
    found = Certificates(folder / "authority.pem", folder / "chain.pem", folder / "key.pem")
    if not all(path.exists() for path in (found.authority, found.chain, found.key)):
        import trustme

        folder.mkdir(parents=True, exist_ok=True)
        authority = trustme.CA()
        issued = authority.issue_cert("127.0.0.1", "localhost")
        issued.cert_chain_pems[0].write_to_path(str(found.chain))
        issued.private_key_pem.write_to_path(str(found.key))
        found.key.chmod(0o600)
        authority.cert_pem.write_to_path(str(found.authority))
    return found
