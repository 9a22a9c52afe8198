"""Which privileges the connected account lacks in Dynamics, by their own names."""

from collections.abc import Sequence

from shared.dataverse.client import DataverseClient
from shared.dataverse.messages import held_privileges


def missing_privileges(client: DataverseClient, user_id: str, wanted: Sequence[str]) -> list[str]:
    """Those that the user holds through no role, of their own or of a team; in the order asked for."""
    answer = client.send(held_privileges(user_id, wanted)).json()
    held = {str(privilege.get("PrivilegeName")).casefold() for privilege in answer["RolePrivileges"]}
    return [name for name in wanted if name.casefold() not in held]
